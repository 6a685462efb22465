//! Catches panics and returns their message, so that one failure does not end the process.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught by [`guarded`].
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs the work.
///
/// # Errors
/// Returns the message of a panic. What the work changed before it stays changed: the
/// caller must repair it.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.map_err(|said| message(&*said).to_owned())
}

/// Prints no message for panics that [`guarded`] catches: they are reported as problems,
/// and logged at level `debug`.
pub fn hush_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if GUARDED.get() {
                tracing::debug!("caught: {info}");
            } else {
                usual(info);
            }
        }));
    });
}

/// The message of a panic.
fn message(said: &(dyn Any + Send)) -> &str {
    let text = said.downcast_ref::<&str>().copied();
    text.or_else(|| said.downcast_ref::<String>().map(String::as_str)).unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_its_own_work_only() {
        hush_guarded_panics();
        assert_eq!(guarded(|| 7), Ok(7));
        assert_eq!(guarded(|| -> u8 { panic!("no {}", 1) }), Err("no 1".to_owned()));
        assert_eq!(guarded(|| -> u8 { panic!("none") }), Err("none".to_owned()));
        // nested: the outer one continues
        let outer = guarded(|| guarded(|| -> u8 { panic!("inner") }).unwrap_or(3));
        assert_eq!(outer, Ok(3));
        assert!(!GUARDED.get());
    }
}
