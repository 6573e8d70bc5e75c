//! `kopeck check`.

use std::path::{Path, PathBuf};

use cabinet::lender::Lender;

use super::Failure;

/// Reads lender files; a line about each, or everything that is wrong and what to write instead.
pub fn check(paths: &[PathBuf]) -> Result<String, Failure> {
    let (mut whole, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match Lender::load(path) {
            Ok(lender) => whole.push(summary(path, &lender)),
            Err(errors) => wrong.push(errors.to_string()),
        }
    }
    if wrong.is_empty() {
        return Ok(whole.join("\n"));
    }
    Err(Failure::wrong(format!(
        "can't be a lender:\n{}",
        wrong.join("\n")
    )))
}

fn summary(path: &Path, lender: &Lender) -> String {
    let products: Vec<&str> = lender
        .products
        .iter()
        .map(|product| product.terms.code.as_str())
        .collect();
    format!(
        "{}: {} ({}), terms of {}, products: {}",
        path.display(),
        lender.name,
        lender.legal_name,
        lender.terms_from,
        products.join(", ")
    )
}
