//! Server functions of the questionnaire, one per page. Everything is text as typed, and
//! anything may be missing: what is kept, what is wrong and which page is next is for the use case to say.

// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;

use crate::error::ApiError;

/// The agreement on the simple electronic signature.
#[server(prefix = "/api/v1", endpoint = "profile/agreement")]
pub async fn save_agreement(agreement_esign: Option<String>) -> Result<(), ApiError> {
    ssr::save(ssr::Step::Agreement, [("agreement_esign", agreement_esign)]).await
}

/// Who the person is.
#[server(prefix = "/api/v1", endpoint = "profile/person")]
pub async fn save_person(
    last_name: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    birth_date: Option<String>,
    sex: Option<String>,
) -> Result<(), ApiError> {
    let typed = [
        ("last_name", last_name),
        ("first_name", first_name),
        ("middle_name", middle_name),
        ("birth_date", birth_date),
        ("sex", sex),
    ];
    ssr::save(ssr::Step::Person, typed).await
}

/// The passport and the taxpayer number.
#[server(prefix = "/api/v1", endpoint = "profile/passport")]
pub async fn save_passport(
    passport: Option<String>,
    passport_code: Option<String>,
    passport_issuer: Option<String>,
    passport_date: Option<String>,
    birth_place: Option<String>,
    citizenship: Option<String>,
    inn: Option<String>,
    public_official: Option<String>,
) -> Result<(), ApiError> {
    let typed = [
        ("passport", passport),
        ("passport_code", passport_code),
        ("passport_issuer", passport_issuer),
        ("passport_date", passport_date),
        ("birth_place", birth_place),
        ("citizenship", citizenship),
        ("inn", inn),
        ("public_official", public_official),
    ];
    ssr::save(ssr::Step::Passport, typed).await
}

/// Where the person is registered.
#[server(prefix = "/api/v1", endpoint = "profile/address")]
pub async fn save_address(
    region: Option<String>,
    city: Option<String>,
    street: Option<String>,
    house: Option<String>,
    flat: Option<String>,
) -> Result<(), ApiError> {
    let typed = [
        ("region", region),
        ("city", city),
        ("street", street),
        ("house", house),
        ("flat", flat),
    ];
    ssr::save(ssr::Step::Address, typed).await
}

/// Work and money.
#[server(prefix = "/api/v1", endpoint = "profile/work")]
pub async fn save_work(
    employer: Option<String>,
    position: Option<String>,
    education: Option<String>,
    income: Option<String>,
    expenses: Option<String>,
    obligations: Option<String>,
    email: Option<String>,
    income_proof: Option<String>,
) -> Result<(), ApiError> {
    let typed = [
        ("employer", employer),
        ("position", position),
        ("education", education),
        ("income", income),
        ("expenses", expenses),
        ("obligations", obligations),
        ("email", email),
        ("income_proof", income_proof),
    ];
    ssr::save(ssr::Step::Work, typed).await
}

/// Consents, each a box of its own.
#[server(prefix = "/api/v1", endpoint = "profile/consents")]
pub async fn save_consents(
    consent_personal_data: Option<String>,
    consent_bureau: Option<String>,
    consent_third_parties: Option<String>,
    consent_marketing: Option<String>,
) -> Result<(), ApiError> {
    let typed = [
        ("consent_personal_data", consent_personal_data),
        ("consent_bureau", consent_bureau),
        ("consent_third_parties", consent_third_parties),
        ("consent_marketing", consent_marketing),
    ];
    ssr::save(ssr::Step::Consents, typed).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::BorrowerId;
    pub use cabinet::profile::Step;
    use cabinet::profile::{self, Values};
    use cabinet::{CabinetError, access};

    use lending::Kopecks;

    use crate::error::ApiError;
    use crate::profile::pages::{asked_amount, page_form, way_on};
    use crate::request::{Ask, from_profile, go};
    use crate::ui::toast::say;

    pub async fn save(
        step: Step,
        typed: impl IntoIterator<Item = (&'static str, Option<String>)>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let values: Values = typed
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text?)))
            .collect();
        // The amount decides how much the law asks; without it there is nothing to apply for.
        let amount = asked_amount(&ask, borrower).await;
        let known = amount.as_ref().ok().copied().flatten();
        if step == Step::Passport {
            other_passport(&ask, borrower, known).await?;
            ask.prove_by_answers().await?;
        }
        if step == Step::Work {
            other_email(&ask, borrower, &values, known).await?;
        }
        let saved = match amount {
            Ok(Some(amount)) => {
                let (origin, lang) = (ask.origin.clone(), ask.words.lang);
                profile::save_in(&ask.cabinet, borrower, step, values, origin, amount, lang).await
            }
            Ok(None) => Err(CabinetError::Conflict("no_choice")),
            Err(refusal) => Err(refusal),
        };
        // What was typed is kept by the questionnaire itself, for every device.
        let next = ask.settle(&page_form(step), &[], saved).await?;
        if from_profile() {
            say("saved");
            go("/profile");
            return Ok(());
        }
        let way = way_on(&ask, borrower, next).await;
        go(&way.map_err(|error| ask.error(error))?);
        Ok(())
    }

    /// A passport in place of another is changed by somebody who has lately shown that it is them: its tail is a
    /// proof.
    async fn other_passport(
        ask: &Ask,
        borrower: BorrowerId,
        amount: Option<Kopecks>,
    ) -> Result<(), ApiError> {
        if answered(ask, borrower, Step::Passport, amount).await? {
            ask.confirmed_borrower()?;
        }
        Ok(())
    }

    /// So is an e-mail address: letters go there, and it may open the cabinet.
    async fn other_email(
        ask: &Ask,
        borrower: BorrowerId,
        values: &Values,
        amount: Option<Kopecks>,
    ) -> Result<(), ApiError> {
        let typed = values.get("email").map_or("", String::as_str);
        let answered = answered(ask, borrower, Step::Work, amount).await?;
        let other = access::is_other_email(&ask.cabinet, borrower, typed, answered).await;
        if other.map_err(|error| ask.error(error))? {
            ask.confirmed_borrower()?;
        }
        Ok(())
    }

    /// Whether a page is filled rightly already.
    async fn answered(
        ask: &Ask,
        borrower: BorrowerId,
        step: Step,
        amount: Option<Kopecks>,
    ) -> Result<bool, ApiError> {
        let Some(amount) = amount else {
            return Ok(false);
        };
        let view = profile::load(&ask.cabinet, borrower, amount).await;
        let view = view.map_err(|error| ask.error(error))?;
        Ok(view.steps.contains(&(step, true)))
    }
}
