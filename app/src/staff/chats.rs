//! `/staff/chats`: borrowers who wait for a specialist, the longest first; a talk, its quick answers, handing over.

use cabinet::ids::{ChatId, StaffId, UploadId};
use cabinet::staff::Action;
use cabinet::support::chat::{self, Line as Said, State, Waiting};
use cabinet::{CabinetError, Result};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{Line, filter, form_of, jpeg, named, opening, person_link, queue, taking};
use super::routes::{Done, Made, Sheet};
use crate::support::appeals::short_field;
use crate::support::chat::{Side, chat_script, lines, waiting_html};
use crate::ui::field::{FormError, FormState};

/// Answers that fit many talks, by the end of their keys; after them come the lender's own questions.
const QUICK: [&str; 6] = ["hello", "checking", "debt", "receipt", "more", "bye"];

/// The queue, who waits longest first.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let (show, by) = (desk.asked("show").to_owned(), desk.by()?);
    let names = desk.names().await?;
    let lines = chat::queue(&desk.cabinet, by)
        .await?
        .into_iter()
        .filter(|one| match show.as_str() {
            "late" => one.late,
            "mine" => one.owner == Some(by.id),
            "free" => one.owner.is_none(),
            _ => true,
        })
        .map(|one| {
            let owner = one.owner.and_then(|id| names.get(&id).cloned());
            Line {
                href: format!("/staff/chats/{}", one.id),
                title: t!(w, "staff-chat-lines", count = one.last),
                cells: vec![
                    w.t(&format!("staff-chat-{}", one.state.code())),
                    owner.unwrap_or_default(),
                    promise(desk, &one),
                ],
                age: one.since.map_or_else(String::new, |since| desk.age(since)),
                late: one.late,
            }
        })
        .collect();
    let options = [
        ("", w.t("staff-show-all")),
        ("late", w.t("staff-show-late")),
        ("mine", w.t("staff-show-mine")),
        ("free", w.t("staff-show-free")),
    ];
    let columns = [
        "staff-column-chat",
        "staff-column-state",
        "staff-column-owner",
        "staff-column-promise",
    ];
    let body = view! {
        <div class="page" data-refresh="">
            <div class="row"><h1>{w.t("staff-nav-chats")}</h1>{filter(desk, &options)}</div>
            {queue(w, &columns, lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-chats"),
        body: body.into_any(),
    })
}

fn promise(desk: &Desk, one: &Waiting) -> String {
    match one.answer_by {
        Some(by) => desk.moment(by),
        None => desk.words.t("staff-chat-answered"),
    }
}

/// One talk.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let id: ChatId = desk.id("id")?;
    let one = chat::one(&desk.cabinet, by, id).await?;
    let said = chat::opened(&desk.cabinet, by, id).await?;
    let names = desk.names().await?;
    let owner = one.owner.and_then(|id| names.get(&id).cloned());
    let title = w.t("staff-chat-title");
    let mine = one.owner == Some(by.id);
    let talk = match &said {
        Some(said) => talk(desk, &one, said, owner).await?,
        None => asking_why(desk, &one, owner),
    };
    let person = person_link(w, Some(one.borrower).filter(|_| by.may(Action::OpenPerson)));
    let steps = steps(desk, &one, mine).await?;
    let body = view! {
        <div class="page two">
            <div class="stack">{talk}</div>
            <aside class="stack">
                {steps}
                <section class="card stack tight">
                    {person}
                    <p class="small">{w.t("staff-chat-person")}</p>
                    <p><a href="/staff/chats">{w.t("back")}</a></p>
                </section>
            </aside>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

async fn talk(desk: &Desk, one: &Waiting, said: &[Said], owner: Option<String>) -> Result<AnyView> {
    let (w, cab) = (desk.words, &desk.cabinet);
    let mine = one.owner.is_some() && one.owner == desk.staff.as_ref().map(|by| by.id);
    let answer = mine.then(|| answering(desk));
    let owner =
        owner.map(|name| view! { <p class="quiet">{t!(w, "staff-chat-with", name = name)}</p> });
    let page = format!("/staff/chats/{}", one.id);
    let stream = format!("{page}/stream");
    Ok(view! {
        <section class="card stack chat" id="chat" data-stream=stream data-offline=w.t("staff-chat-offline")>
            <div class="stack tight">
                <h1 class="h2">{w.t("staff-chat-title")}</h1>
                {owner}
            </div>
            {lines(w, cab.lender(), Side::Staff(&page), said)}
            <div id="standing" role="status" inner_html=waiting_html(w, cab, one)></div>
            {answer}
        </section>
        {chat_script()}
    }
    .into_any())
}

fn answering(desk: &Desk) -> AnyView {
    let w = desk.words;
    let mut form = form_of(desk, "answer");
    if form.value("text").is_empty() {
        // Without scripts a quick answer is a link to this page with its number.
        let asked = desk.asked("quick").parse::<usize>().ok();
        let text = asked.and_then(|number| quick(desk).into_iter().nth(number.checked_sub(1)?));
        if let Some((_, text)) = text {
            form.values.insert("text".to_owned(), text);
        }
    }
    let key = desk.cabinet.ports().ids.uuid().to_string();
    view! {
        <form class="stack tight" method="post" action=format!("{}/answer", desk.path) id="answer" data-say="">
            {named("answer")}
            <input type="hidden" name="key" value=key/>
            <FormError form=form.clone()/>
            {short_field(&form, "text", &w.t("staff-chat-answer"))}
            <p class="error" data-problem="" role="alert" hidden=true></p>
            <button class="button" type="submit">{w.t("chat-send")}</button>
        </form>
        {quick_answers(desk)}
    }
    .into_any()
}

/// Titles and texts.
fn quick(desk: &Desk) -> Vec<(String, String)> {
    let w = desk.words;
    let lender = desk.cabinet.lender();
    let name = desk
        .staff
        .as_ref()
        .map(|by| by.name.clone())
        .unwrap_or_default();
    let first = name
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let own = QUICK.map(|key| {
        let text = w.args(
            &format!("staff-quick-{key}-text"),
            &[
                ("name", first.as_str().into()),
                ("hotline", (&lender.hotline).into()),
            ],
        );
        (w.t(&format!("staff-quick-{key}")), text)
    });
    let questions = lender.help.questions.iter();
    let questions = questions.map(|one| {
        (
            one.ask.of(w.lang).to_owned(),
            one.answer.of(w.lang).to_owned(),
        )
    });
    own.into_iter().chain(questions).collect()
}

fn quick_answers(desk: &Desk) -> AnyView {
    let w = desk.words;
    let items: Vec<_> = (1..)
        .zip(quick(desk))
        .map(|(number, (title, text))| {
            let href = format!("{}?quick={number}", desk.path);
            let keys = (number <= 9)
                .then(|| view! { " "<kbd class="small">{format!("Alt+{number}")}</kbd> });
            view! { <li><a href=href data-quick=text>{title}</a>{keys}</li> }
        })
        .collect();
    view! {
        <details open=true id="quick">
            <summary>{w.t("staff-chat-quick")}</summary>
            <ul class="plain stack tight">{items}</ul>
            <p class="small">{w.t("staff-chat-keys")}</p>
        </details>
    }
    .into_any()
}

fn asking_why(desk: &Desk, one: &Waiting, owner: Option<String>) -> AnyView {
    let w = desk.words;
    let owner =
        owner.map(|name| view! { <p class="quiet">{t!(w, "staff-chat-with", name = name)}</p> });
    view! {
        <section class="card stack" id="closed-chat">
            <h1 class="h2">{w.t("staff-chat-title")}</h1>
            {owner}
            <div inner_html=waiting_html(w, &desk.cabinet, one)></div>
            <p class="quiet">{w.t("staff-chat-why")}</p>
            {opening(desk, "staff-open")}
        </section>
    }
    .into_any()
}

/// What this one of the staff can do next.
async fn steps(desk: &Desk, one: &Waiting, mine: bool) -> Result<AnyView> {
    let by = desk.by()?;
    if !by.may(Action::AnswerChat) || one.state == State::Closed {
        return Ok(().into_any());
    }
    if !mine {
        return Ok(taking(desk, one.owner.is_some()));
    }
    let others = chat::colleagues(&desk.cabinet, by).await?;
    Ok(view! { {handing(desk, others)}{closing(desk)} }.into_any())
}

fn handing(desk: &Desk, others: Vec<chat::Colleague>) -> AnyView {
    let (w, form) = (desk.words, form_of(desk, "transfer"));
    let wrong = form.has_errors();
    let options = others
        .into_iter()
        .map(|one| view! { <option value=one.id.to_string()>{one.name}</option> })
        .collect_view();
    view! {
        <details class="card stack" open=wrong>
            <summary>{w.t("staff-chat-transfer")}</summary>
            <form class="stack" method="post" action=format!("{}/transfer", desk.path) id="transfer">
                {named("transfer")}
                <FormError form/>
                <div class="field">
                    <label for="f-to">{w.t("staff-chat-to")}</label>
                    <select id="f-to" name="to">
                        <option value="">{w.t("staff-chat-to-queue")}</option>
                        {options}
                    </select>
                </div>
                <button class="button second wide" type="submit">{w.t("staff-chat-transfer-now")}</button>
            </form>
        </details>
    }
    .into_any()
}

fn closing(desk: &Desk) -> AnyView {
    let (w, form): (Words, FormState) = (desk.words, form_of(desk, "close"));
    view! {
        <form class="card stack" method="post" action=format!("{}/close", desk.path) id="close">
            {named("close")}
            <FormError form/>
            <p class="small">{w.t("staff-chat-close-what")}</p>
            <button class="button second wide" type="submit">{w.t("staff-chat-close")}</button>
        </form>
    }
    .into_any()
}

/// Opens it with a reason.
pub async fn open(desk: &Desk) -> Result<Done> {
    chat::open(&desk.cabinet, desk.by()?, desk.text("why"), desk.id("id")?).await?;
    Ok(Done::Go(desk.path.clone(), ""))
}

/// Takes it.
pub async fn take(desk: &Desk) -> Result<Done> {
    chat::take(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-chat-taken"))
}

/// Answers.
pub async fn answer(desk: &Desk) -> Result<Done> {
    let key = desk
        .text("key")
        .parse()
        .map_err(|_| CabinetError::NotFound)?;
    let (by, id) = (desk.by()?, desk.id("id")?);
    chat::answer(&desk.cabinet, by, id, key, desk.text("text")).await?;
    Ok(Done::Go(desk.path.clone(), ""))
}

/// Hands it over.
pub async fn transfer(desk: &Desk) -> Result<Done> {
    let typed = desk.text("to");
    let to: Option<StaffId> = if typed.is_empty() {
        None
    } else {
        Some(typed.parse().map_err(|_| CabinetError::NotFound)?)
    };
    chat::transfer(&desk.cabinet, desk.by()?, desk.id("id")?, to).await?;
    Ok(Done::Go(
        "/staff/chats".to_owned(),
        "staff-done-chat-transferred",
    ))
}

/// Closes it.
pub async fn close(desk: &Desk) -> Result<Done> {
    chat::close(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go(
        "/staff/chats".to_owned(),
        "staff-done-chat-closed",
    ))
}

/// A picture that was sent.
pub async fn picture(desk: &Desk) -> Result<Made> {
    let picture: UploadId = desk.id("picture")?;
    let bytes = chat::picture(&desk.cabinet, desk.by()?, desk.id("id")?, picture).await?;
    Ok(jpeg(bytes))
}
