//! Typst `World`: the files a document can read while it is typeset, which are
//! its own source, one attached file, and the bundle's library, theme and
//! images. No disk, no packages, no clock.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use super::coverage::{self, Ranges};
use super::{Job, MAIN, TypesetError};
use crate::bundle::Made;

/// Files and fonts shared by all documents of a bundle.
#[derive(Debug)]
pub struct Shared {
    standard: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// Library files, each parsed when a document first imports it.
    sources: HashMap<FileId, (String, OnceLock<Source>)>,
    files: HashMap<FileId, Bytes>,
    main: FileId,
}

impl Shared {
    /// Reads the fonts, library and images among the files of a bundle, which are
    /// sorted by name.
    pub fn new<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, TypesetError> {
        let mut shared = Self {
            standard: LazyHash::new(
                Library::builder()
                    .with_features([Feature::A11yExtras].into_iter().collect())
                    .build(),
            ),
            book: LazyHash::new(FontBook::new()),
            fonts: Vec::new(),
            sources: HashMap::new(),
            files: HashMap::new(),
            main: file_id(MAIN),
        };
        for (path, bytes) in files {
            shared.add(path, bytes)?;
        }
        if shared.fonts.is_empty() {
            return Err(TypesetError::NoFont);
        }
        shared.book = LazyHash::new(FontBook::from_fonts(&shared.fonts));
        Ok(shared)
    }

    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), TypesetError> {
        match Path::new(path).extension().and_then(|extension| extension.to_str()) {
            Some("ttf" | "otf") => {
                let font = Font::new(Bytes::new(bytes.to_vec()), 0)
                    .ok_or_else(|| TypesetError::Font { path: path.to_owned() })?;
                self.fonts.push(font);
            }
            Some("typ") => {
                let id = file_id(path);
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.sources.insert(id, (text, OnceLock::new()));
            }
            Some("svg" | "png" | "jpg") => {
                self.files.insert(file_id(path), Bytes::new(bytes.to_vec()));
            }
            Some("json") if path == "theme.json" => {
                self.files.insert(file_id(path), Bytes::new(bytes.to_vec()));
            }
            _ => {}
        }
        Ok(())
    }

    /// What every face of the families can show, with the letters that the design
    /// library takes from elsewhere.
    pub fn coverage(&self, families: &[String]) -> Result<Ranges, TypesetError> {
        let mut faces = Vec::new();
        for family in families {
            let own = self.fonts.iter().map(Font::info).filter(|info| info.family == *family);
            let own: Vec<_> = own.map(|info| info.coverage.clone()).collect();
            if own.is_empty() {
                let known: BTreeSet<&str> =
                    self.fonts.iter().map(|font| font.info().family.as_str()).collect();
                let known = known.into_iter().collect::<Vec<_>>().join(", ");
                return Err(TypesetError::Family { family: family.clone(), known });
            }
            faces.extend(own);
        }
        let more = self.fonts.iter().map(Font::info).filter(|info| info.family == MORE_LETTERS);
        let more: Vec<_> = more.map(|info| info.coverage.clone()).collect();
        Ok(coverage::ranges(&faces, &more))
    }
}

/// Whether a file of a bundle is a font.
pub fn is_font(path: &str) -> bool {
    path.ends_with(".ttf") || path.ends_with(".otf")
}

/// The family of letters that the theme's own may lack (`templates/lib/theme.typ`).
const MORE_LETTERS: &str = "Noto Sans";

/// The same path always gives the same id: Typst keeps at most 65,535 ids.
#[expect(clippy::expect_used, reason = "the name is a constant")]
fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path)
        .unwrap_or_else(|_| VirtualPath::new("refused").expect("a plain name is a valid path"));
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

/// The files that one document can read.
#[derive(Debug)]
pub struct DocumentWorld {
    shared: Arc<Made<Shared>>,
    source: Source,
    attachment: Option<(FileId, Bytes)>,
}

impl DocumentWorld {
    pub fn new(shared: Arc<Made<Shared>>, job: &Job<'_>) -> Self {
        let source = Source::new(shared.main, job.source.to_owned());
        let attachment =
            job.attachment.map(|(path, bytes)| (file_id(path), Bytes::new(bytes.to_vec())));
        Self { shared, source, attachment }
    }
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.standard
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.shared.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.shared.main {
            return Ok(self.source.clone());
        }
        let (text, source) = self.shared.sources.get(&id).ok_or(FileError::AccessDenied)?;
        Ok(source.get_or_init(|| Source::new(id, text.clone())).clone())
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if let Some((attached, bytes)) = &self.attachment
            && *attached == id
        {
            return Ok(bytes.clone());
        }
        self.shared.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
