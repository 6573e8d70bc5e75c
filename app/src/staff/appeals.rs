//! `/staff/appeals`: what borrowers wrote, with the law's clock; answered by one, and by two where it changes
//! a debt or a person's data.

use cabinet::Result;
use cabinet::ids::{AppealId, UploadId};
use cabinet::lender::help::Evidence;
use cabinet::staff::Action;
use cabinet::staff::papers::About;
use cabinet::support::{self, Details, Kind, State, Waiting};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::papers;
use super::parts::{
    Line, agreeing, asking_time, asking_why, checklist, filter, folded, form_of, jpeg, left, named,
    person_link, pictures, queue, taking, ticked,
};
use super::routes::{Done, Made, Sheet};
use crate::lender::evidence;
use crate::support::appeals::{cause_name, long_field};
use crate::ui::field::FormError;
use crate::ui::format::long_date;
use crate::ui::sums::TextLine;

fn title_of(w: Words, one: &Waiting) -> String {
    let kind = w.t(&format!("cabinet-appeal-kind-{}", one.kind.code()));
    match one.cause {
        Some(cause) => format!("{kind}: {}", cause_name(w, cause)),
        None => kind,
    }
}

fn state_name(w: Words, state: State) -> String {
    w.t(&format!("staff-appeal-{}", state.code()))
}

/// The queue, the nearest last day first.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let (show, by) = (desk.asked("show").to_owned(), desk.by()?);
    let names = desk.names().await?;
    let lines = support::queue(&desk.cabinet, by)
        .await?
        .into_iter()
        .filter(|one| match show.as_str() {
            "late" => one.late,
            "mine" => one.owner == Some(by.id),
            "free" => one.owner.is_none(),
            "proposed" => one.state == State::Proposed,
            _ => show.is_empty() || one.kind.code() == show,
        })
        .map(|one| {
            let owner = one.owner.and_then(|id| names.get(&id).cloned());
            let left = format!("{} · {}", long_date(w, one.due_on), left(w, one.days_left));
            Line {
                href: format!("/staff/appeals/{}", one.id),
                title: title_of(w, &one),
                cells: vec![state_name(w, one.state), owner.unwrap_or_default(), left],
                age: desk.age(one.at),
                late: one.late,
            }
        })
        .collect();
    let mut options = vec![
        ("", w.t("staff-show-all")),
        ("late", w.t("staff-show-late")),
        ("mine", w.t("staff-show-mine")),
        ("free", w.t("staff-show-free")),
        ("proposed", w.t("staff-show-proposed")),
    ];
    options.extend(Kind::ALL.iter().map(|kind| {
        let name = w.t(&format!("cabinet-appeal-kind-{}", kind.code()));
        (kind.code(), name)
    }));
    let columns = [
        "staff-column-appeal",
        "staff-column-state",
        "staff-column-owner",
        "staff-column-answer-by",
    ];
    let body = view! {
        <div class="page">
            <div class="row"><h1>{w.t("staff-nav-appeals")}</h1>{filter(desk, &options)}</div>
            {queue(w, &columns, lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-appeals"),
        body: body.into_any(),
    })
}

/// One appeal: its clock, and more after a reason.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let id: AppealId = desk.id("id")?;
    let waiting = support::one(&desk.cabinet, by, id).await?;
    let details = support::opened(&desk.cabinet, by, id).await?;
    let names = desk.names().await?;
    let owner = waiting.owner.and_then(|id| names.get(&id).cloned());
    let title = title_of(w, &waiting);
    let inside = match &details {
        Some(details) => inside(desk, details),
        None => asking_why(desk, "staff-appeal-opening", "staff-appeal-open-why"),
    };
    let steps = details.as_ref().map(|details| steps(desk, details));
    let open = waiting.state.is_under_way();
    let evidence = papers::card(desk, About::Appeal(id), open).await?;
    let heading = title.clone();
    let body = view! {
        <div class="page two">
            <div class="stack">
                {clock(desk, &waiting, heading, owner)}
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

fn clock(
    desk: &Desk,
    one: &Waiting,
    heading: String,
    owner: Option<String>,
) -> impl IntoView + use<> {
    let w = desk.words;
    let late = one
        .late
        .then(|| view! { <span class="badge bad">{w.t("staff-late")}</span> });
    let owner = owner.map(|name| view! { <TextLine label=w.t("staff-column-owner") text=name/> });
    let paused = one
        .paused
        .then(|| view! { <p class="note plain" id="paused">{w.t("staff-appeal-paused")}</p> });
    let outside =
        (!one.known).then(|| view! { <p class="quiet">{w.t("staff-appeal-outside")}</p> });
    let age = format!("{} · {}", desk.age(one.at), desk.moment(one.at));
    let due = long_date(w, one.due_on);
    view! {
        <section class="card stack" id="appeal" data-state=one.state.code() data-due=one.due_on.to_string()>
            <div class="row"><h1 class="h2">{heading}</h1>{late}</div>
            <dl class="sums">
                <TextLine label=w.t("staff-column-state") text=state_name(w, one.state)/>
                <TextLine label=w.t("staff-age") text=age/>
                <TextLine label=w.t("staff-column-answer-by") text=due/>
                {one.state.is_under_way().then(|| view! { <TextLine label=w.t("staff-appeal-left") text=left(w, one.days_left)/> })}
                {owner}
            </dl>
            {outside}
            {paused}
            <p><a href="/staff/appeals">{w.t("back")}</a></p>
        </section>
    }
}

fn inside(desk: &Desk, details: &Details) -> AnyView {
    let w = desk.words;
    let line = |label: String, text: String| {
        (!text.is_empty()).then(|| view! { <TextLine label=label text=text/> })
    };
    let by = desk.staff.as_ref();
    let may_open = by.is_some_and(|by| by.may(Action::OpenPerson));
    let number = details.loan.as_ref().map(|(_, number)| number.clone());
    let payment = details.paid_on.map(|on| {
        let text = format!("{} · {}", details.amount, long_date(w, on));
        view! { <TextLine label=w.t("staff-appeal-payment") text=text/> }
    });
    let passport = details.passport.iter().map(|(name, text)| {
        let label = w.t(&format!("profile-{}", name.replace('_', "-")));
        line(label, text.clone())
    });
    let text: Vec<_> = details
        .text
        .lines()
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect();
    view! {
        <section class="card stack" id="inside">
            <h2>{w.t("staff-appeal-inside")}</h2>
            {text}
            {person_link(w, details.borrower.filter(|_| may_open))}
            <dl class="sums">
                {line(w.t("staff-appeal-name"), details.name.clone())}
                {line(w.t("staff-appeal-contact"), details.contact.clone())}
                {line(w.t("staff-appeal-loan"), number.unwrap_or_default())}
                {payment}
                {passport.collect_view()}
                {line(w.t("staff-request-compared"), evidence(w, &details.compared))}
                {line(w.t("staff-appeal-longer"), details.longer.clone())}
                {line(w.t("staff-request-answer"), details.answer.clone())}
            </dl>
            {holiday(w, details)}
            {pictures(desk, &details.uploads)}
        </section>
    }
    .into_any()
}

/// What the holiday would mean, or the condition of the law that is not met.
fn holiday(w: Words, details: &Details) -> Option<AnyView> {
    let text = match details.holiday.as_ref()? {
        // The last day has passed: there is no date left to move.
        Ok(quote) if quote.new_due == quote.old_due => t!(
            w,
            "staff-appeal-holiday-late",
            months = i64::from(quote.months),
            until = long_date(w, quote.until),
            old = long_date(w, quote.old_due),
            extra = quote.extra.to_string()
        ),
        Ok(quote) => t!(
            w,
            "staff-appeal-holiday-means",
            months = i64::from(quote.months),
            due = long_date(w, quote.new_due),
            old = long_date(w, quote.old_due),
            extra = quote.extra.to_string()
        ),
        Err(code) => w.t(&format!("error-{}", code.replace('_', "-"))),
    };
    // A sentence: beside a label a phone would leave no room for either.
    Some(view! { <p id="holiday"><b>{w.t("staff-appeal-holiday")}"."</b>" "{text}</p> }.into_any())
}

/// What this one of the staff can do next.
fn steps(desk: &Desk, details: &Details) -> AnyView {
    let Some(by) = &desk.staff else {
        return ().into_any();
    };
    let one = &details.waiting;
    let (leads, mine) = (by.may(Action::LeadRequest), one.owner == Some(by.id));
    let take = (leads && !mine && matches!(one.state, State::Open | State::Taken))
        .then(|| taking(desk, one.owner.is_some()));
    let works = leads && mine && one.state == State::Taken;
    let answer = works.then(|| answering(desk, one));
    let longer = (works && details.longer.is_empty() && one.kind != Kind::Holidays)
        .then(|| asking_time(desk));
    let refuse = works.then(|| refusing_long(desk));
    let second = (one.state == State::Proposed && by.may(Action::ApproveRequest))
        .then(|| seconding(desk, one, mine));
    view! { {take}{answer}{refuse}{longer}{second} }.into_any()
}

fn answering(desk: &Desk, one: &Waiting) -> impl IntoView + use<> {
    let w = desk.words;
    let form = form_of(desk, "answer");
    let (lead, go) = if one.kind.needs_two() {
        ("staff-appeal-answer-two", "staff-appeal-propose-now")
    } else {
        ("staff-appeal-answer-lead", "staff-appeal-answer-now")
    };
    let asked = &desk.cabinet.lender().help.phone_change.evidence;
    // The number stays, so there is no previous one to compare.
    let asked = asked.iter().copied();
    let asked: Vec<_> = asked.filter(|it| *it != Evidence::PreviousPhone).collect();
    let list = (one.kind == Kind::Passport).then(|| checklist(desk, "answer", &asked));
    view! {
        <section class="card stack">
            <h2>{w.t("staff-appeal-answer")}</h2>
            <p class="quiet">{w.t(lead)}</p>
            <form class="stack" method="post" action=format!("{}/answer", desk.path) id="answer">
                {named("answer")}
                <FormError form=form.clone()/>
                {list}
                {long_field(&form, "answer", &w.t("staff-appeal-answer-text"))}
                <button class="button wide" type="submit">{w.t(go)}</button>
            </form>
        </section>
    }
}

fn refusing_long(desk: &Desk) -> impl IntoView + use<> {
    let w = desk.words;
    let form = form_of(desk, "refuse");
    view! {
        <details class="card stack" open=form.has_errors()>
            <summary>{w.t("staff-refuse")}</summary>
            <form class="stack" method="post" action=format!("{}/refuse", desk.path) id="refuse">
                {named("refuse")}
                <FormError form=form.clone()/>
                {long_field(&form, "why", &w.t("staff-refuse-why"))}
                <button class="button danger wide" type="submit">{w.t("staff-refuse")}</button>
            </form>
        </details>
    }
}

fn seconding(desk: &Desk, one: &Waiting, own: bool) -> impl IntoView + use<> {
    let w = desk.words;
    let texts = (
        "staff-appeal-back",
        "staff-reason-hint",
        "staff-appeal-back-now",
    );
    let back = (!own).then(|| folded(desk, "back", texts));
    // The use case refuses whoever answered all the same.
    let agree = match one.not_before {
        Some(at) if !own => {
            let text = t!(w, "staff-appeal-not-before", at = desk.moment(at));
            view! { <p class="note plain" id="not-before">{text}</p> }.into_any()
        }
        _ => agreeing(desk, own),
    };
    view! {
        <section class="card stack"><h2>{w.t("staff-appeal-second")}</h2>{agree}</section>
        {back}
    }
}

/// Opens it with a reason.
pub async fn open(desk: &Desk) -> Result<Done> {
    support::open(&desk.cabinet, desk.by()?, desk.text("why"), desk.id("id")?).await?;
    Ok(Done::Go(desk.path.clone(), ""))
}

/// Takes it.
pub async fn take(desk: &Desk) -> Result<Done> {
    support::take(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-taken"))
}

/// Answers it, or hands the answer to a second person.
pub async fn answer(desk: &Desk) -> Result<Done> {
    let (by, id) = (desk.by()?, desk.id("id")?);
    let compared = ticked(desk);
    support::answer(&desk.cabinet, by, id, desk.text("answer"), &compared).await?;
    let waits = support::one(&desk.cabinet, by, id).await?.state == State::Proposed;
    let said = if waits {
        "staff-done-appeal-proposed"
    } else {
        "staff-done-answered"
    };
    Ok(Done::Go("/staff/appeals".to_owned(), said))
}

/// Ten working days more.
pub async fn longer(desk: &Desk) -> Result<Done> {
    support::longer(
        &desk.cabinet,
        desk.by()?,
        desk.id("id")?,
        desk.text("longer"),
    )
    .await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-longer"))
}

/// Says no.
pub async fn refuse(desk: &Desk) -> Result<Done> {
    support::refuse(&desk.cabinet, desk.by()?, desk.id("id")?, desk.text("why")).await?;
    Ok(Done::Go("/staff/appeals".to_owned(), "staff-done-refused"))
}

/// The second person agrees.
pub async fn approve(desk: &Desk) -> Result<Done> {
    support::approve(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go("/staff/appeals".to_owned(), "staff-done-approved"))
}

/// The second person sends it back.
pub async fn back(desk: &Desk) -> Result<Done> {
    support::send_back(&desk.cabinet, desk.by()?, desk.id("id")?, desk.text("back")).await?;
    Ok(Done::Go("/staff/appeals".to_owned(), "staff-done-returned"))
}

/// A picture that came with it.
pub async fn picture(desk: &Desk) -> Result<Made> {
    let picture: UploadId = desk.id("picture")?;
    let bytes = support::picture(&desk.cabinet, desk.by()?, desk.id("id")?, picture).await?;
    Ok(jpeg(bytes))
}
