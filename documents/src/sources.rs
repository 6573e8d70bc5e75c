//! Templates and fonts, part of the program.

/// Golos Text, the face of the cabinet's pages, under the SIL Open Font License.
pub const FONTS: [&[u8]; 2] = [
    include_bytes!("../fonts/GolosText-Regular.ttf"),
    include_bytes!("../fonts/GolosText-Bold.ttf"),
];

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        /// Names of all templates without their endings, the common part left out.
        pub const TEMPLATES: &[&str] = &[$($name),+];

        /// The text of a file of `templates/`.
        pub fn template(file: &str) -> Option<&'static str> {
            match file.strip_suffix(".typ")? {
                "paper" => Some(include_str!("../templates/paper.typ")),
                $($name => Some(include_str!(concat!("../templates/", $name, ".typ"))),)+
                _ => None,
            }
        }
    };
}

templates!(
    "agreement",
    "application",
    "certificate",
    "consent",
    "contract",
    "debt",
    "letter",
    "prolongation",
    "public",
    "receipt",
    "refund",
    "refusal",
    "schedule",
    "service",
    "service-refusal",
    "statement",
    "tariffs",
);
