//! Pictures of evidence beside what waits for a decision: added by whoever leads it, looked at with a reason.

use cabinet::Result;
use cabinet::ids::{AdjustmentId, UploadId};
use cabinet::staff::papers::{self, About};
use cabinet::{CabinetError, upload};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{jpeg, opening};
use super::routes::Made;

/// How a page is asked for again to say why a picture was not taken: the code of the refusal.
pub const REFUSED: &str = "paper";
/// The largest form with a picture.
pub const BODY: usize = upload::MOST_BYTES + 16 * 1024;

/// The page that a picture stands on.
pub fn page_of(about: About) -> String {
    match about {
        About::Adjustment(id) => format!("/staff/adjustments/{id}"),
        About::Request(id) => format!("/staff/requests/{id}"),
        About::Appeal(id) => format!("/staff/appeals/{id}"),
    }
}

/// The card of pictures. `waits`: more may be added.
pub async fn card(desk: &Desk, about: About, waits: bool) -> Result<AnyView> {
    let (w, by) = (desk.words, desk.by()?);
    let list = papers::list(&desk.cabinet, by, about).await?;
    let adds = waits && by.may(about.adds());
    if list.is_empty() && !adds {
        return Ok(().into_any());
    }
    let open = papers::is_open(&desk.cabinet, by, about).await?;
    let names = desk.names().await?;
    let place = format!("/staff/papers/{}/{}", about.code(), about.object());
    let rows = list.iter().zip(1..).map(|(paper, number)| {
        let who = names.get(&paper.by).cloned().unwrap_or_default();
        let name = t!(w, "staff-paper-name", number = number.to_string());
        let line = format!("{who}, {}", desk.moment(paper.at));
        let name = if open {
            let href = format!("{place}/{}", paper.id);
            view! { <a href=href data-paper="">{name}</a> }.into_any()
        } else {
            view! { <span>{name}</span> }.into_any()
        };
        view! { <li>{name}" "<span class="small">{line}</span></li> }
    });
    let count = list.len().to_string();
    let rows = rows.collect_view();
    let reason = (!open && !list.is_empty()).then(|| asking(desk, about));
    let form = adds.then(|| adding(desk, place));
    Ok(view! {
        <section class="card stack" id="staff-papers" data-count=count>
            <h2>{w.t("staff-paper-title")}</h2>
            <ul class="plain stack tight">{rows}</ul>
            {reason}
            {form}
        </section>
    }
    .into_any())
}

/// Those of an adjustment open by themselves; those of a request or an appeal with its own reason.
fn asking(desk: &Desk, about: About) -> AnyView {
    let w = desk.words;
    if !matches!(about, About::Adjustment(_)) {
        return view! { <p class="small quiet">{w.t("staff-paper-with-it")}</p> }.into_any();
    }
    opening(desk, "staff-paper-open")
}

fn adding(desk: &Desk, place: String) -> AnyView {
    let w = desk.words;
    let refused = refusal(w, desk.asked(REFUSED));
    let wrong = refused.is_some();
    view! {
        <form class="stack" method="post" action=place enctype="multipart/form-data" id="add-paper">
            <div class="field" data-error=wrong.then_some("")>
                <label for="f-file">{w.t("papers-file")}</label>
                <input id="f-file" type="file" name="file" accept="image/jpeg,image/png"
                    aria-describedby="f-file-error f-file-hint" aria-invalid=wrong.then_some("true")/>
                <p class="error" id="f-file-error" hidden=!wrong>{refused}</p>
                <p class="hint" id="f-file-hint">{w.t("papers-file-hint")}</p>
            </div>
            <button class="button second wide" type="submit">{w.t("staff-paper-add")}</button>
        </form>
    }
    .into_any()
}

/// Why the picture was not taken; nothing for words that are not a refusal's code.
fn refusal(w: Words, code: &str) -> Option<String> {
    let ours = code.starts_with("upload_") || code.starts_with("staff_");
    let keys = [
        format!("field-{code}"),
        format!("error-{}", code.replace('_', "-")),
    ];
    let key = keys.into_iter().find(|key| ours && w.has(key))?;
    Some(w.t(&key))
}

/// Opens the pictures of an adjustment.
pub async fn open(desk: &Desk, id: AdjustmentId) -> Result<()> {
    papers::open_adjustment(&desk.cabinet, desk.by()?, desk.text("why"), id).await
}

fn about(desk: &Desk) -> Result<About> {
    let part = |name: &str| desk.params.get(name).map_or("", String::as_str);
    About::read(part("about"), part("object")).ok_or(CabinetError::NotFound)
}

/// Keeps a picture that was sent. Answers where to go on, whatever came of it.
///
/// # Errors
/// `Unauthenticated`, `NotFound`.
pub async fn add(desk: &Desk, file: std::result::Result<Vec<u8>, &'static str>) -> Result<String> {
    let (about, by) = (about(desk)?, desk.by()?);
    let page = page_of(about);
    let kept = match file {
        Ok(file) => papers::add(&desk.cabinet, by, about, file).await,
        Err(code) => Err(CabinetError::field("file", code)),
    };
    let code = match kept {
        Ok(_) => return Ok(page),
        Err(refusal @ (CabinetError::NotFound | CabinetError::Internal(_))) => return Err(refusal),
        Err(CabinetError::Fields(fields)) => fields.first().map_or("upload_broken", |it| it.code),
        Err(refusal) => refusal.code(),
    };
    Ok(format!("{page}?{REFUSED}={code}#add-paper"))
}

/// One picture.
pub async fn picture(desk: &Desk) -> Result<Made> {
    let picture: UploadId = desk.id("paper")?;
    let bytes = papers::read(&desk.cabinet, desk.by()?, about(desk)?, picture).await?;
    Ok(jpeg(bytes))
}
