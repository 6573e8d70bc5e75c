//! What a lender's file says, as people read it.

use cabinet::Lender;
use cabinet::lender::help::{Channel, Days, Evidence, Hours, Zone};
use leptos::prelude::*;
use locales::{Words, t};

use crate::application::dial::roubles;

/// «ежедневно с 8:00 до 22:00 по Москве»: a borrower elsewhere must be able to count.
pub fn hours(w: Words, hours: &Hours) -> String {
    let key = match hours.days {
        Days::Daily => "hours-daily",
        Days::Weekdays => "hours-weekdays",
    };
    let zone = zone(w, hours.zone);
    t!(
        w,
        key,
        from = &hours.from,
        until = &hours.until,
        zone = zone
    )
}

/// «по Москве».
pub fn zone(w: Words, zone: Zone) -> String {
    w.zone(zone.offset_minutes())
}

/// The address that makes a phone call the number. A number without the country's code gets it.
pub fn dial(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        10 => format!("tel:+7{digits}"),
        _ => format!("tel:{digits}"),
    }
}

/// `+7 900 000-00-01` of eleven digits, in one piece.
fn spaced(number: &str) -> String {
    let part = |range: std::ops::Range<usize>| number.get(range).unwrap_or_default();
    let (country, code) = (part(0..1), part(1..4));
    format!(
        "+{country}\u{a0}{code}\u{a0}{}-{}-{}",
        part(4..7),
        part(7..9),
        part(9..11)
    )
}

/// A way to reach people: a link where there is something to follow.
pub fn channel(w: Words, lender: &Lender, channel: Channel) -> AnyView {
    let help = &lender.help;
    let (key, href, text) = match channel {
        Channel::Office => {
            let office = help.office.as_ref();
            let text = office
                .map(|text| text.of(w.lang).to_owned())
                .unwrap_or_default();
            ("help-office", None, text)
        }
        Channel::Hotline => (
            "help-hotline",
            Some(dial(&lender.hotline)),
            lender.hotline.replace(' ', "\u{a0}"),
        ),
        Channel::Email => (
            "help-email",
            Some(format!("mailto:{}", lender.email)),
            lender.email.clone(),
        ),
        Channel::Telegram => {
            let url = help.telegram.clone().unwrap_or_default();
            let name = url.trim_start_matches("https://").to_owned();
            ("help-telegram", Some(url), name)
        }
        Channel::Whatsapp => {
            let number = help.whatsapp.clone().unwrap_or_default();
            let href = format!("https://wa.me/{number}");
            ("help-whatsapp", Some(href), spaced(&number))
        }
    };
    let what = match href {
        Some(href) => view! { <a href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    };
    view! { <li>{w.t(key)} ": " {what}</li> }.into_any()
}

/// Every way to reach this lender's people.
pub fn channels(lender: &Lender) -> Vec<Channel> {
    let help = &lender.help;
    let maybe = [
        (help.whatsapp.is_some(), Channel::Whatsapp),
        (help.telegram.is_some(), Channel::Telegram),
        (help.office.is_some(), Channel::Office),
    ];
    let more = maybe
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, channel)| channel);
    [Channel::Hotline, Channel::Email]
        .into_iter()
        .chain(more)
        .collect()
}

/// «в контакт-центре, письмом на почту»: where the debt can be asked besides the cabinet.
pub fn debt_places(w: Words, list: &[Channel]) -> Option<String> {
    let names = list.iter().map(|channel| {
        w.t(match channel {
            Channel::Office => "debt-by-office",
            Channel::Hotline => "debt-by-hotline",
            Channel::Email => "debt-by-email",
            Channel::Telegram => "debt-by-telegram",
            Channel::Whatsapp => "debt-by-whatsapp",
        })
    });
    let names = names.collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then_some(names)
}

/// «паспорт, прежний номер телефона»: what a specialist asks for.
pub fn evidence(w: Words, list: &[Evidence]) -> String {
    let names = list.iter().map(|item| {
        w.t(match item {
            Evidence::Passport => "help-evidence-passport",
            Evidence::PreviousPhone => "help-evidence-phone",
            Evidence::VideoCall => "help-evidence-video",
        })
    });
    names.collect::<Vec<_>>().join(", ")
}

/// Every programme with its terms and who it is for, to be read before applying.
pub fn programmes(w: Words, lender: &Lender) -> impl IntoView + use<> {
    let rows = lender.products.iter().map(|product| {
        let terms = &product.terms;
        let who = match product.audience {
            cabinet::lender::Audience::Everybody => "programme-everybody",
            cabinet::lender::Audience::New => "programme-new",
            cabinet::lender::Audience::Repeat => "programme-repeat",
        };
        let (least, most) = (roubles(terms.min_amount), roubles(terms.max_amount));
        let sums = t!(w, "programme-sums", min = least, max = most);
        let (code, title) = (terms.code.clone(), product.title.of(w.lang).to_owned());
        let lines = [sums, term(w, terms), price(w, terms)];
        let more = [promo(w, terms), prolongation(w, product)]
            .into_iter()
            .flatten();
        let lines: Vec<String> = lines.into_iter().chain(more).collect();
        view! {
            <li class="stack tight" data-programme=code>
                <b>{title}</b>
                <span class="quiet">{w.t(who)}</span>
                {lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card stack" id="programmes">
            <h2>{w.t("programmes")}</h2>
            <ul class="trio plain">{rows}</ul>
        </section>
    }
}

fn term(w: Words, terms: &lending::Product) -> String {
    let (min, max) = (terms.min_term, terms.max_term);
    match terms.kind {
        lending::ProductKind::Bullet | lending::ProductKind::Special => {
            t!(w, "programme-days", min = min, max = max)
        }
        lending::ProductKind::EveryNDays { days } => {
            t!(w, "programme-every", min = min, max = max, days = days)
        }
        lending::ProductKind::Monthly => t!(w, "programme-monthly", min = min, max = max),
    }
}

fn price(w: Words, terms: &lending::Product) -> String {
    if terms.special_price.is_some() {
        return w.t("programme-fixed");
    }
    match terms.annual_rate {
        Some(rate) => t!(w, "programme-rate-year", rate = rate.percent_text()),
        None => t!(w, "programme-rate", rate = terms.daily_rate.percent_text()),
    }
}

fn promo(w: Words, terms: &lending::Product) -> Option<String> {
    let promo = terms.promo.as_ref()?;
    let key = if promo.first_loan_only {
        "programme-promo-first"
    } else {
        "programme-promo"
    };
    Some(t!(
        w,
        key,
        rate = promo.daily_rate.percent_text(),
        sum = roubles(promo.max_amount),
        days = promo.max_days
    ))
}

fn prolongation(w: Words, product: &cabinet::LenderProduct) -> Option<String> {
    let rules = product.prolongation.as_ref()?;
    let (min, max) = (rules.min_days, rules.max_days);
    let price = match rules.price {
        lending::ProlongationPrice::Interest => w.t("programme-prolong-interest"),
        lending::ProlongationPrice::ServiceAndInterest { service } => {
            t!(w, "programme-prolong-service", sum = service.to_string())
        }
        lending::ProlongationPrice::PerDay { per_day } => {
            t!(w, "programme-prolong-day", sum = per_day.to_string())
        }
    };
    let when = prolongation_window(w, rules.window);
    Some(t!(
        w,
        "programme-prolong",
        min = min,
        max = max,
        when = when,
        price = price
    ))
}

/// When a due date may be moved, in words.
fn prolongation_window(w: Words, window: lending::ProlongationWindow) -> String {
    match window {
        lending::ProlongationWindow::BeforeDue => w.t("prolong-window-before"),
        lending::ProlongationWindow::LastDays { days } => t!(w, "prolong-window-last", days = days),
        lending::ProlongationWindow::ThroughDue => w.t("prolong-window-through"),
        lending::ProlongationWindow::Grace { days } => t!(w, "prolong-window-grace", days = days),
        lending::ProlongationWindow::OverdueAllowed => w.t("prolong-window-late"),
    }
}

/// Every way to pay: what it costs and when the money is credited.
pub fn ways(w: Words, lender: &Lender) -> impl IntoView + use<> {
    use cabinet::lender::WayKind;
    let ways = lender.payment.ways.iter().map(|way| {
        let (name, key) = match way.kind {
            WayKind::Card => ("card", "way-card"),
            WayKind::Sbp => ("sbp", "way-sbp"),
            WayKind::Wallet => ("wallet", "way-wallet"),
            WayKind::Transfer => ("transfer", "way-transfer"),
            WayKind::BankApp => ("bank_app", "way-bank-app"),
            WayKind::Terminal => ("terminal", "way-terminal"),
        };
        let note = way.note.of(w.lang).to_owned();
        view! { <li data-way=name><b>{w.t(key)}</b> " " {note}</li> }
    });
    view! { <ul id="ways">{ways.collect_view()}</ul> }
}

/// The account for transfers, with the reference that finds the loan.
pub fn requisites(w: Words, lender: &Lender, reference: Option<String>) -> impl IntoView + use<> {
    let money = &lender.requisites;
    let row = |key: &str, text: String| {
        let (name, key) = (w.t(key), key.to_owned());
        view! { <div><dt>{name}</dt><dd data-requisite=key>{text}</dd></div> }
    };
    let for_what = reference.map(|number| {
        row(
            "requisite-for",
            t!(w, "requisite-for-loan", number = number),
        )
    });
    view! {
        <dl class="sums long" id="requisites">
            {row("requisite-to", lender.legal_name.clone())}
            {row("requisite-inn", lender.inn.clone())}
            {row("requisite-account", money.account.clone())}
            {row("requisite-bank", money.bank.clone())}
            {row("requisite-bic", money.bic.clone())}
            {row("requisite-corr", money.corr.clone())}
            {for_what}
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use locales::Lang;

    use super::*;

    #[test]
    fn hours_name_their_clock() {
        let of = |zone| Hours {
            days: Days::Daily,
            from: "7:00".into(),
            until: "22:00".into(),
            zone,
        };
        let ru = Words::new(Lang::Ru);
        let text = |zone| hours(ru, &of(zone)).replace('\u{a0}', " ");
        assert_eq!(text(Zone::Moscow), "ежедневно с 7:00 до 22:00 по Москве");
        assert!(text(Zone::Omsk).ends_with("по времени МСК+3"));
        assert!(text(Zone::Kaliningrad).ends_with("по времени МСК−1"));
    }

    #[test]
    fn a_city_number_is_called_with_the_countrys_code() {
        assert_eq!(dial("(812) 458-09-80"), "tel:+78124580980");
        assert_eq!(dial("8 800 100-57-57"), "tel:88001005757");
    }
}
