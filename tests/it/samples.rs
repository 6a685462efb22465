//! todo
use crate::desk::Desk;
#[test]
fn probe() {
    let desk = Desk::samples();
    desk.run(["build"]).exits(0);
    let pdf = desk.pdf("hyte-2025-koonti");
    for (i, p) in pdf.pages().iter().enumerate() { println!("{i}: {p}"); }
    println!("{}", pdf.metadata());
    println!("{:?} {:?} {:?} {:?} {:?}", pdf.info("Title"), pdf.info("Author"), pdf.info("Keywords"), pdf.language(), pdf.is_tagged());
    println!("{:?}", pdf.bookmarks());
    println!("{:?}", pdf.files().iter().map(|f| (&f.0, f.1.len())).collect::<Vec<_>>());
    let pdf = desk.pdf("hyte-2025-jamsa-muistio");
    for (i, p) in pdf.pages().iter().enumerate() { println!("{i}: {p}"); }
    println!("{:?} {:?} {:?} {:?} {:?}", pdf.info("Title"), pdf.info("Author"), pdf.info("Keywords"), pdf.language(), pdf.is_tagged());
}
