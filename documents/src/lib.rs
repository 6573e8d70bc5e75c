//! Papers as PDF: a template and data in, the same bytes out for the same data, whatever the machine.
//!
//! A template is a file of `templates/`; what it prints comes as JSON. No file of the machine is read, no font of it is
//! looked for, nothing is fetched, and the clock is not asked: the moment and the name inside a PDF are data too.
#![warn(missing_docs)]

mod sources;

pub use sources::TEMPLATES;

use chrono::{DateTime, Datelike, Timelike, Utc};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Why a paper was not made.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// There is no template of this name.
    #[error("no template {0}")]
    NoTemplate(String),
    /// The template and the data don't fit, or the standard of archives is not kept.
    #[error("typesetting: {0}")]
    Refused(String),
}

/// One paper to be made.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The template's name without its ending, such as `contract`.
    pub template: &'a str,
    /// What the template prints. When it has `seal.url`, that address is added to it as a QR code.
    pub data: &'a Value,
    /// The paper's stable name, the same each time this paper is made.
    pub ident: &'a str,
    /// The moment the PDF says it was made.
    pub made_at: DateTime<Utc>,
}

/// What makes papers: the fonts and the language of templates, read once. Making one takes tens of milliseconds of a
/// processor, so it belongs to a thread of its own.
pub struct Typesetter {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Default for Typesetter {
    fn default() -> Self {
        Self::new()
    }
}

impl Typesetter {
    /// Reads the packaged fonts.
    pub fn new() -> Self {
        let fonts: Vec<Font> = sources::FONTS
            .iter()
            .flat_map(|font| Font::iter(Bytes::new(*font)))
            .collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    }

    /// The paper as PDF/A-2.
    pub fn pdf(&self, job: Job<'_>) -> Result<Vec<u8>, TypesetError> {
        let name = format!("{}.typ", job.template);
        if sources::template(&name).is_none() {
            return Err(TypesetError::NoTemplate(job.template.to_owned()));
        }
        let shelf = Shelf {
            of: self,
            main: file_id(&name),
            data: Bytes::from_string(with_code(job.data).to_string()),
        };
        let document = typst::compile(&shelf).output.map_err(told)?;
        let standards = PdfStandards::new(&[PdfStandard::A_2a])
            .map_err(|error| TypesetError::Refused(error.message().to_string()))?;
        let options = PdfOptions {
            ident: Smart::Custom(job.ident.to_owned()),
            creator: Smart::Custom(None),
            timestamp: timestamp(job.made_at),
            standards,
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(told)?;
        // What was remembered between two papers is of no use to the next person's.
        typst::comemo::evict(0);
        Ok(bytes)
    }
}

fn told(errors: impl IntoIterator<Item = SourceDiagnostic>) -> TypesetError {
    let all: Vec<String> = errors
        .into_iter()
        .map(|error| error.message.to_string())
        .collect();
    TypesetError::Refused(all.join("; "))
}

fn timestamp(at: DateTime<Utc>) -> Option<Timestamp> {
    let part = |number: u32| u8::try_from(number).ok();
    let moment = Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Some(Timestamp::new_utc(moment))
}

/// The data with its address drawn: rows of ones and zeros.
fn with_code(data: &Value) -> Value {
    let mut data = data.clone();
    let rows = data
        .pointer("/seal/url")
        .and_then(Value::as_str)
        .and_then(|url| QrCode::with_error_correction_level(url, EcLevel::M).ok())
        .map(|code| {
            let dark = |color: &Color| if *color == Color::Dark { '1' } else { '0' };
            let cells: Vec<char> = code.to_colors().iter().map(dark).collect();
            cells
                .chunks(code.width())
                .map(|row| Value::String(row.iter().collect()))
                .collect::<Vec<_>>()
        });
    if let (Some(rows), Some(seal)) = (rows, data.get_mut("seal").and_then(Value::as_object_mut)) {
        seal.insert("code".to_owned(), Value::Array(rows));
    }
    data
}

/// What one paper may read: the templates, its data, the fonts.
struct Shelf<'a> {
    of: &'a Typesetter,
    main: FileId,
    data: Bytes,
}

const DATA: &str = "data.json";

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).unwrap_or_else(|_| unreachable!("names are ours"));
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Shelf<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.of.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.of.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let name = id.vpath().get_without_slash();
        let text = sources::template(name).ok_or(FileError::AccessDenied)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id.vpath().get_without_slash() {
            DATA => Ok(self.data.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.of.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
