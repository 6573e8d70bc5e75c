//! The oracle's two halves: random stories, and playing one on both sides.

pub mod generate;
pub mod play;
