//! `kopeck check`.

use std::path::{Path, PathBuf};

use cabinet::lender::Lender;
use clap::Args;

use super::Failure;
use crate::gateways::{self, GatewayConfig};

/// What is checked.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// The files, such as lenders/demo.toml.
    #[arg(required_unless_present = "schema")]
    lenders: Vec<PathBuf>,
    /// Print the JSON Schema of a lender file instead: editors complete and underline by it.
    #[arg(long, conflicts_with = "lenders")]
    schema: bool,
    /// Also whether the settings of the outside world are all there and can be used. Nobody is called.
    #[arg(long)]
    outside: bool,
    /// The outside world.
    #[command(flatten)]
    gateways: GatewayConfig,
}

/// Reads lender files; a line about each, or everything that is wrong and what to write instead.
pub fn check(args: &CheckArgs) -> Result<String, Failure> {
    if args.schema {
        return Ok(cabinet::lender::json_schema());
    }
    let (mut whole, mut wrong) = (Vec::new(), Vec::new());
    for path in &args.lenders {
        match Lender::load(path) {
            Ok(lender) => {
                if let Err(error) = outside(args, &lender) {
                    wrong.push(format!("{}: {error}", path.display()));
                }
                whole.push(summary(path, &lender));
            }
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

fn outside(args: &CheckArgs, lender: &Lender) -> Result<(), gateways::GatewayError> {
    if !args.outside {
        return Ok(());
    }
    gateways::check(&args.gateways, lender)
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
