//! Bytes into text: UTF-8, or the code pages that Russian banks still write.

use encoding_rs::{IBM866, UTF_8, WINDOWS_1251};

/// The largest file, in bytes: a day of a large lender is a few megabytes.
pub(super) const LARGEST: usize = 32 * 1024 * 1024;

/// The text of a file. UTF-8 that is whole is UTF-8; otherwise the file says `Кодировка=DOS`, or it
/// is windows-1251.
pub(super) fn text(bytes: &[u8]) -> String {
    let (text, _, broken) = UTF_8.decode(bytes);
    if !broken {
        return text.into_owned();
    }
    // Latin letters are the same in every code page.
    let head = bytes.get(..400).unwrap_or(bytes);
    let dos = head.windows(4).any(|four| four == b"=DOS");
    let page = if dos { IBM866 } else { WINDOWS_1251 };
    page.decode_without_bom_handling(bytes).0.into_owned()
}
