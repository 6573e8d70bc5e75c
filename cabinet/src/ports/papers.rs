//! Papers as files.

use super::PortError;

/// What makes files of papers.
pub trait Renderer: Send + Sync {
    /// The paper as PDF: the same bytes for the same paper. Works on the calling thread, for tens of
    /// milliseconds.
    fn pdf(&self, paper: &crate::document::Paper) -> Result<Vec<u8>, PortError>;
}

/// No papers: for commands that print none.
pub struct NoRenderer;

impl Renderer for NoRenderer {
    fn pdf(&self, _: &crate::document::Paper) -> Result<Vec<u8>, PortError> {
        Err(PortError("papers are not printed here".into()))
    }
}
