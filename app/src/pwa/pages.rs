//! `/go/{where}`: where the shortcuts of an installed cabinet lead.

use crate::request::address::path_part;
use cabinet::loan;
use lending::Status;
use leptos::prelude::*;

use crate::request::Ask;
use crate::ui::page::{Stop, page};

/// The debt, or the form that pays it, of the open loan; the cabinet when there is none, or several.
#[component]
pub fn GoPage() -> impl IntoView {
    let wanted = path_part("where");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loans = loan::list(&ask.cabinet, borrower).await?;
        let open: Vec<_> = loans
            .iter()
            .filter(|loan| loan.status != Status::Closed)
            .collect();
        Err(Stop::Go(match (wanted.as_str(), open.as_slice()) {
            ("pay", [loan]) => format!("/loans/{}/pay?what=payoff", loan.id),
            ("debt", [loan]) => format!("/loans/{}", loan.id),
            ("pay" | "debt", _) => "/cabinet".to_owned(),
            _ => return Err(cabinet::CabinetError::NotFound.into()),
        }))
    })
}
