//! Checks of the registry that need the whole pipeline: issued documents made again
//! from the archive, and register numbers printed in PDFs of the output folder.

mod printed_numbers;
mod rebuild;

pub use printed_numbers::unknown_number;
pub use rebuild::{RebuildResult, rebuild_all};
