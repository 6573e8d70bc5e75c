//! `/chat`: a talk with a specialist. A page of plain forms; a script beside it hears new lines as they come.

mod pages;
mod parts;

pub use pages::{ChatMark, ChatPage};
pub use parts::{Side, chat_script, line_html, lines, standing_html, waiting_html};

/// Hears of new lines and sends without a new page; everything works without it.
pub const SCRIPT: &str = include_str!("chat.js");

/// Where the script is.
pub const SCRIPT_PATH: &str = "/chat.js";
