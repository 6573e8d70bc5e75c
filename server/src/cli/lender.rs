//! `kopeck check`.

use std::path::Path;

use cabinet::lender::Lender;

use super::Failure;

/// Reads a lender's file; a summary of it, or what is wrong and what to write instead.
pub fn check(path: &Path) -> Result<String, Failure> {
    let lender = Lender::load(path)
        .map_err(|error| Failure::wrong(format!("{}: {error}", path.display())))?;
    let products: Vec<&str> = lender
        .products
        .iter()
        .map(|product| product.terms.code.as_str())
        .collect();
    Ok(format!(
        "{}: {} ({}), terms of {}, products: {}",
        path.display(),
        lender.name,
        lender.legal_name,
        lender.terms_from,
        products.join(", ")
    ))
}
