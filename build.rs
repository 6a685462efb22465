//! Tells Cargo that the templates are part of the program: the macro that takes
//! them in cannot.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=templates");
}
