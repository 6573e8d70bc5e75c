//! `/staff/requests`: another phone and the end of a cabinet, by two people.

use cabinet::ids::{BorrowerId, RequestId, UploadId};
use cabinet::lender::help::Evidence;
use cabinet::request::{self, Details, Kind, State, Waiting};
use cabinet::staff::papers::About;
use cabinet::staff::{self, Action};
use cabinet::values::Phone;
use cabinet::{CabinetError, Result};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::papers;
use super::parts::{
    Line, agreeing, asking_time, asking_why, checklist, filter, form_of, jpeg, left, named,
    person_link, pictures, queue, refusing, ticked,
};
use super::routes::{Done, Made, Sheet};
use crate::lender::evidence;
use crate::ui::field::{FormError, TextField};
use crate::ui::format::long_date;
use crate::ui::sums::TextLine;

fn kind_name(w: Words, kind: Kind) -> String {
    w.t(&format!("request-{}-title", kind.code()))
}

fn state_name(w: Words, state: State) -> String {
    w.t(&format!("staff-request-{}", state.code()))
}

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let show = desk.asked("show").to_owned();
    let names = desk.names().await?;
    let lines = request::queue(&desk.cabinet, desk.by()?)
        .await?
        .into_iter()
        .filter(|one| match show.as_str() {
            "late" => one.late,
            "phone" | "closing" => one.kind.code() == show,
            "checked" => one.state == State::Checked,
            _ => true,
        })
        .map(|one| {
            let first = one.first_by.and_then(|id| names.get(&id).cloned());
            Line {
                href: format!("/staff/requests/{}", one.id),
                title: kind_name(w, one.kind),
                cells: vec![
                    state_name(w, one.state),
                    first.unwrap_or_default(),
                    format!(
                        "{} · {}",
                        long_date(w, one.answer_by),
                        left(w, one.days_left)
                    ),
                ],
                age: desk.age(one.at),
                late: one.late,
            }
        })
        .collect();
    let options = [
        ("", w.t("staff-show-all")),
        ("late", w.t("staff-show-late")),
        ("checked", w.t("staff-show-checked")),
        ("phone", kind_name(w, Kind::Phone)),
        ("closing", kind_name(w, Kind::Closing)),
    ];
    let columns = [
        "staff-column-request",
        "staff-column-state",
        "staff-column-first",
        "staff-column-answer-by",
    ];
    let body = view! {
        <div class="page">
            <div class="row"><h1>{w.t("staff-nav-requests")}</h1>{filter(desk, &options)}</div>
            {queue(w, &columns, lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-requests"),
        body: body.into_any(),
    })
}

/// One request: what stands in the queue, and more after a reason.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let id: RequestId = desk.id("id")?;
    let waiting = request::one(&desk.cabinet, by, id).await?;
    let details = request::opened(&desk.cabinet, by, id).await?;
    let names = desk.names().await?;
    let first = waiting.first_by.and_then(|id| names.get(&id).cloned());
    let title = kind_name(w, waiting.kind);
    let late = waiting
        .late
        .then(|| view! { <span class="badge bad">{w.t("staff-late")}</span> });
    let first = first.map(|name| view! { <TextLine label=w.t("staff-column-first") text=name/> });
    let clock = waiting.state.is_under_way().then(
        || view! { <TextLine label=w.t("staff-appeal-left") text=left(w, waiting.days_left)/> },
    );
    let known = w.t(if waiting.known {
        "staff-request-known"
    } else {
        "staff-request-unknown"
    });
    let inside = match &details {
        Some(details) => inside(desk, details),
        None => asking_why(desk, "staff-request-opening", "staff-request-open-why"),
    };
    let steps = details.as_ref().map(|details| steps(desk, details));
    let open = waiting.state.is_under_way();
    let evidence = papers::card(desk, About::Request(id), open).await?;
    let heading = title.clone();
    let age = format!("{} · {}", desk.age(waiting.at), desk.moment(waiting.at));
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="request" data-state=waiting.state.code()>
                    <div class="row"><h1 class="h2">{heading}</h1>{late}</div>
                    <dl class="sums">
                        <TextLine label=w.t("staff-column-state") text=state_name(w, waiting.state)/>
                        <TextLine label=w.t("staff-age") text=age/>
                        <TextLine label=w.t("staff-request-person") text=known/>
                        <TextLine label=w.t("staff-column-answer-by") text=long_date(w, waiting.answer_by)/>
                        {clock}
                        {first}
                    </dl>
                    <p><a href="/staff/requests">{w.t("back")}</a></p>
                </section>
                {inside}
                {evidence}
            </div>
            <aside class="stack">{steps}</aside>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

fn phone(digits: &str) -> String {
    Phone::parse(digits).map_or_else(|| digits.to_owned(), |phone| phone.whole())
}

fn inside(desk: &Desk, details: &Details) -> AnyView {
    let w = desk.words;
    let line = |key: &str, text: String| {
        (!text.is_empty()).then(|| view! { <TextLine label=w.t(key) text=text/> })
    };
    let may_open = desk
        .staff
        .as_ref()
        .is_some_and(|by| by.may(Action::OpenPerson));
    view! {
        <section class="card stack" id="evidence">
            <h2>{w.t("staff-request-typed")}</h2>
            {person_link(w, details.borrower.filter(|_| may_open))}
            <dl class="sums">
                {line("phone-old", phone(&details.old_phone))}
                {line("phone-new", phone(&details.new_phone))}
                {line("profile-passport", details.passport.clone())}
                {line("profile-birth-date", details.birth.clone())}
                {line("staff-request-compared", evidence(w, &details.compared))}
                {line("staff-request-answer", details.answer.clone())}
            </dl>
            {pictures(desk, &details.uploads)}
        </section>
    }
    .into_any()
}

/// What this one of the staff can do next.
fn steps(desk: &Desk, details: &Details) -> AnyView {
    let Some(by) = &desk.staff else {
        return ().into_any();
    };
    let state = details.waiting.state;
    let check =
        (state == State::Open && by.may(Action::LeadRequest)).then(|| checking(desk, details));
    let own = details.waiting.first_by == Some(by.id);
    let approve = (state == State::Checked && by.may(Action::ApproveRequest))
        .then(|| approving(desk, &details.waiting, own));
    let open = matches!(state, State::Open | State::Checked);
    let refuse = (open && by.may(Action::ApproveRequest)).then(|| {
        refusing(
            desk,
            "refuse",
            "why",
            ("staff-refuse-why", "staff-refuse-why-hint"),
        )
    });
    let longer = (open && !details.waiting.extended && by.may(Action::LeadRequest))
        .then(|| asking_time(desk));
    view! { {check}{approve}{refuse}{longer} }.into_any()
}

fn checking(desk: &Desk, details: &Details) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "check");
    let asked: Vec<Evidence> = match details.waiting.kind {
        Kind::Phone => desk.cabinet.lender().help.phone_change.evidence.clone(),
        Kind::Closing => Vec::new(),
    };
    let list = checklist(desk, "check", &asked);
    let nobody = details.borrower.is_none().then(|| {
        view! {
            <TextField form=form.clone() name="borrower" label=w.t("staff-request-whose")
                hint=w.t("staff-request-whose-hint") complete="off"/>
        }
    });
    view! {
        <section class="card stack">
            <h2>{w.t("staff-request-first")}</h2>
            <form class="stack" method="post" action=format!("{}/check", desk.path) id="check">
                {named("check")}
                <FormError form=form.clone()/>
                {list}
                {nobody}
                <button class="button wide" type="submit">{w.t("staff-request-checked-now")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn approving(desk: &Desk, waiting: &Waiting, own: bool) -> AnyView {
    let w = desk.words;
    let what = t!(w, "staff-request-second", what = kind_name(w, waiting.kind));
    // The use case refuses whoever was the first all the same.
    let body = agreeing(desk, own);
    view! { <section class="card stack"><h2>{what}</h2>{body}</section> }.into_any()
}

/// Opens it with a reason.
pub async fn open(desk: &Desk) -> Result<Done> {
    request::open(&desk.cabinet, desk.by()?, desk.text("why"), desk.id("id")?).await?;
    Ok(Done::Go(desk.path.clone(), ""))
}

/// The first of two has compared the evidence.
pub async fn check(desk: &Desk) -> Result<Done> {
    let by = desk.by()?;
    let compared = ticked(desk);
    let borrower = named_person(desk).await?;
    request::check(&desk.cabinet, by, desk.id("id")?, borrower, &compared).await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-checked"))
}

/// Whose request it is, where the program found nobody: by a phone or a contract's number.
async fn named_person(desk: &Desk) -> Result<Option<BorrowerId>> {
    let typed = desk.text("borrower");
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match staff::find_person(&desk.cabinet, desk.by()?, typed).await {
        Ok(found) => Ok(Some(found.borrower)),
        Err(CabinetError::NotFound) => Err(CabinetError::field("borrower", "staff_nobody")),
        Err(CabinetError::Fields(_)) => Err(CabinetError::field("borrower", "staff_query")),
        Err(other) => Err(other),
    }
}

/// Ten working days more.
pub async fn longer(desk: &Desk) -> Result<Done> {
    let (by, id) = (desk.by()?, desk.id("id")?);
    request::longer(&desk.cabinet, by, id, desk.text("longer")).await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-longer"))
}

/// The second of two lets it happen.
pub async fn approve(desk: &Desk) -> Result<Done> {
    request::approve(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go(
        "/staff/requests".to_owned(),
        "staff-done-approved",
    ))
}

/// One of the staff says no.
pub async fn refuse(desk: &Desk) -> Result<Done> {
    request::refuse(&desk.cabinet, desk.by()?, desk.id("id")?, desk.text("why")).await?;
    Ok(Done::Go("/staff/requests".to_owned(), "staff-done-refused"))
}

/// A picture of the evidence.
pub async fn picture(desk: &Desk) -> Result<Made> {
    let picture: UploadId = desk.id("picture")?;
    let bytes = request::picture(&desk.cabinet, desk.by()?, desk.id("id")?, picture).await?;
    Ok(jpeg(bytes))
}
