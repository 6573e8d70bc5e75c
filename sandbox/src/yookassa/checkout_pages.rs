//! The HTML of the hosted page.

use super::card::{MAGIC, Mistakes};
use super::checkout::View;
use super::roubles;
use crate::pages::{alert, escape, layout};

fn head(view: &View) -> String {
    let shop = escape(&view.shop);
    let description = view
        .description
        .as_deref()
        .map(|text| format!("<p class=\"muted\">{}</p>", escape(text)))
        .unwrap_or_default();
    let sum = match view.amount {
        Some(amount) => format!(
            "<p class=\"sum\" id=\"checkout-amount\">{}</p>",
            roubles(amount)
        ),
        None => "<p>Привязка карты: деньги не списываются.</p>".to_owned(),
    };
    format!("<p id=\"checkout-shop\"><strong>{shop}</strong></p>{sum}{description}")
}

const NOTICE: &str = "<p class=\"notice\">Это учебная страница оплаты. \
    Не вводите данные настоящей карты: деньги здесь не ходят.</p>";

/// Card entry, or the bank's button for a fast payment.
pub fn entry(view: &View, number: &str, exp: &str, mistakes: &Mistakes) -> String {
    let title = if view.amount.is_some() {
        "Оплата"
    } else {
        "Привязка карты"
    };
    let fields = if view.sbp {
        sbp()
    } else if view.wallet {
        wallet()
    } else {
        card(view, number, exp, mistakes)
    };
    let body = format!(
        "<h1>{title}</h1>{}<form method=\"post\" action=\"{}\" autocomplete=\"off\" novalidate>{fields}</form>{NOTICE}{}",
        head(view),
        view.path,
        if view.sbp || view.wallet {
            String::new()
        } else {
            hints()
        },
    );
    layout(title, &body, "")
}

fn wallet() -> String {
    "<p>Оплата кошельком ЮMoney. Вместо входа в кошелёк нажмите одну из кнопок.</p>\
     <button id=\"wallet-pay\" name=\"action\" value=\"wallet-pay\">Оплатить из кошелька</button>\
     <button id=\"sbp-decline\" class=\"quiet\" name=\"action\" value=\"sbp-decline\">Не хватает денег</button>\
     <button id=\"card-cancel\" class=\"quiet\" name=\"action\" value=\"cancel\">Вернуться без оплаты</button>"
        .to_owned()
}

fn sbp() -> String {
    "<p>Оплата через СБП. Вместо приложения банка нажмите одну из кнопок.</p>\
     <button id=\"sbp-pay\" name=\"action\" value=\"sbp-pay\">Оплатить в банке</button>\
     <button id=\"sbp-decline\" class=\"quiet\" name=\"action\" value=\"sbp-decline\">Банк отказал</button>\
     <button id=\"card-cancel\" class=\"quiet\" name=\"action\" value=\"cancel\">Вернуться без оплаты</button>"
        .to_owned()
}

fn card(view: &View, number: &str, exp: &str, mistakes: &Mistakes) -> String {
    let pay = match view.amount {
        Some(amount) => format!("Оплатить {}", roubles(amount)),
        None => "Привязать карту".to_owned(),
    };
    let wrong = mistakes.number.or(mistakes.exp).or(mistakes.csc).is_some();
    let summary = if wrong {
        alert("Проверьте данные карты.")
    } else {
        String::new()
    };
    let list = MAGIC.iter().fold(String::new(), |list, (number, ..)| {
        list + "<option value=\"" + &grouped(number) + "\">"
    });
    let number = field(
        "card-number",
        "number",
        "Номер карты",
        "inputmode=\"numeric\" maxlength=\"23\" list=\"magic-cards\" placeholder=\"0000 0000 0000 0000\"",
        number,
        mistakes.number,
    );
    let exp = field(
        "card-exp",
        "exp",
        "Срок, ММ/ГГ",
        "inputmode=\"numeric\" maxlength=\"7\" placeholder=\"12/30\"",
        exp,
        mistakes.exp,
    );
    // The code from the back is never sent back to the page.
    let csc = field(
        "card-cvc",
        "csc",
        "CVC, три цифры с оборота",
        "inputmode=\"numeric\" maxlength=\"3\" type=\"password\"",
        "",
        mistakes.csc,
    );
    let quit = if view.amount.is_some() {
        "Вернуться без оплаты"
    } else {
        "Не привязывать"
    };
    format!(
        "{summary}{number}<datalist id=\"magic-cards\">{list}</datalist>\
         <div class=\"pair\"><div>{exp}</div><div>{csc}</div></div>\
         <button id=\"card-pay\" name=\"action\" value=\"pay\">{pay}</button>\
         <button id=\"card-cancel\" class=\"quiet\" name=\"action\" value=\"cancel\">{quit}</button>"
    )
}

/// One labelled field with its own error text.
fn field(
    id: &str,
    name: &str,
    label: &str,
    attributes: &str,
    value: &str,
    mistake: Option<&str>,
) -> String {
    let value = escape(value);
    let (marks, text) = match mistake {
        Some(text) => (
            format!("aria-invalid=\"true\" aria-describedby=\"{id}-error\""),
            format!("<p class=\"error\" id=\"{id}-error\">{text}</p>"),
        ),
        None => (String::new(), String::new()),
    };
    format!(
        "<label for=\"{id}\">{label}</label>\
         <input id=\"{id}\" name=\"{name}\" value=\"{value}\" required {attributes} {marks}>{text}"
    )
}

fn hints() -> String {
    format!(
        "<details open><summary>Учебные карты</summary>{}\
         <p class=\"muted\">Срок — любой будущий, CVC — любые три цифры.</p></details>",
        magic_table()
    )
}

/// The table of test cards, also on the index page.
pub fn magic_table() -> String {
    let rows = MAGIC.iter().fold(String::new(), |rows, (number, _, what)| {
        rows + "<tr><td><code>" + &grouped(number) + "</code></td><td>" + what + "</td></tr>"
    });
    format!(
        "<table><thead><tr><th>Номер</th><th>Что будет</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

fn grouped(number: &str) -> String {
    let groups: Vec<&str> = (0..number.len())
        .step_by(4)
        .map(|at| &number[at..number.len().min(at + 4)])
        .collect();
    groups.join(" ")
}

/// The bank's page asking for the code.
pub fn code(view: &View, mistake: Option<&str>) -> String {
    let tail = escape(view.card_tail.as_deref().unwrap_or_default());
    let sum = view
        .amount
        .map(|sum| format!(" на {}", roubles(sum)))
        .unwrap_or_default();
    let summary = mistake.map(alert).unwrap_or_default();
    let marks = if mistake.is_some() {
        "aria-invalid=\"true\""
    } else {
        ""
    };
    let body = format!(
        "<h1>Подтверждение банка</h1>\
         <p>Операция{sum} по карте *{tail}. Введите код из сообщения банка.</p>{summary}\
         <form method=\"post\" action=\"{}/3ds\" autocomplete=\"off\" novalidate>\
         <label for=\"tds-code\">Код подтверждения</label>\
         <input id=\"tds-code\" name=\"code\" inputmode=\"numeric\" maxlength=\"6\" {marks}>\
         <p class=\"muted\">В песочнице верный код — 123456.</p>\
         <button id=\"tds-confirm\" name=\"action\" value=\"confirm\">Подтвердить</button>\
         <button id=\"tds-fail\" class=\"quiet\" name=\"action\" value=\"fail\">Отказаться</button>\
         </form>{NOTICE}",
        view.path
    );
    layout("Подтверждение банка", &body, "")
}

/// Nothing left to do here.
pub fn finished(view: &View) -> String {
    let link = if view.return_url.is_empty() {
        String::new()
    } else {
        format!(
            "<p><a id=\"checkout-return\" href=\"{}\">Вернуться в магазин</a></p>",
            escape(&view.return_url)
        )
    };
    let body = format!(
        "<h1>Операция завершена</h1>{}<p>Результат — на сайте магазина.</p>{link}",
        head(view)
    );
    layout("Операция завершена", &body, "")
}

pub fn missing() -> String {
    let body = "<h1>Страница не найдена</h1><p>Такого платежа в песочнице нет. \
                Возможно, её состояние сбросили.</p>";
    layout("Страница не найдена", body, "")
}
