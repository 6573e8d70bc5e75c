//! An offer in plain words: for whom, till when, what it changes, what it saves.

use cabinet::lender::{EndsOn, PromotionAudience};
use cabinet::promotion::{Change, Example, OfferCard, Source, Use};
use lending::{Product, ProductKind, PromoAfterDue};
use leptos::prelude::*;
use locales::{Words, t};

use crate::application::calculator_words::address;
use crate::application::chosen::{opening, snap_amount};
use crate::application::dial::roubles;
use crate::request::Ask;
use crate::ui::format::{days, long_date};

/// A card.
pub fn card(ask: &Ask, offer: &OfferCard) -> AnyView {
    let w = ask.words;
    let about = offer.about.as_ref().map(|text| {
        let text = text.of(w.lang).to_owned();
        view! { <p>{text}</p> }
    });
    let changes = offer
        .changes
        .iter()
        .map(|it| change(w, offer, it))
        .collect_view();
    let lines = conditions(w, offer);
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
    view! {
        <section class="card stack tight" data-offer=offer.code.clone() data-source=offer.source.code()
            data-usable=offer.usable.code()>
            <h3>{title(w, offer)}</h3>
            {about}
            {changes}
            <ul>{lines.collect_view()}</ul>
            {act(w, offer)}
        </section>
    }
    .into_any()
}

/// Its name; a product's own reduced rate has none.
pub fn title(w: Words, offer: &OfferCard) -> String {
    let own = offer.title.of(w.lang);
    match offer.source {
        Source::Product => t!(w, "offers-first-loan", title = own),
        _ => own.to_owned(),
    }
}

fn change(w: Words, offer: &OfferCard, one: &Change) -> AnyView {
    let terms = &one.product.terms;
    let product = one.product.title.of(w.lang);
    let rate = offer.effect.rate.map(|promo| {
        let key = if promo.daily_rate.ppm() == 0 {
            "offers-rate-free"
        } else {
            "offers-rate"
        };
        t!(
            w,
            key,
            product = product,
            rate = promo.daily_rate.percent_text(),
            instead = terms.daily_rate.percent_text(),
            sum = roubles(promo.max_amount),
            days = bare(promo.max_days)
        )
    });
    let limit = offer.effect.raised_limit.map(|limit| {
        t!(
            w,
            "offers-limit",
            product = product,
            sum = roubles(limit),
            instead = roubles(terms.max_amount)
        )
    });
    let saved = one.example.map(|it| example(w, &it));
    view! {
        {rate.map(|text| view! { <p><b data-rate="">{text}</b></p> })}
        {limit.map(|text| view! { <p><b data-limit="">{text}</b></p> })}
        {saved}
    }
    .into_any()
}

/// After «до» a number stands in another case than the counted word has.
fn bare(count: u32) -> String {
    count.to_string()
}

fn example(w: Words, one: &Example) -> AnyView {
    let text = t!(
        w,
        "offers-example",
        sum = roubles(one.amount),
        days = days(w, one.term),
        pays = one.pays.to_string(),
        instead = one.instead.to_string()
    );
    let psk = t!(
        w,
        "offers-example-psk",
        psk = one.psk.percent_text(),
        instead = one.psk_instead.percent_text()
    );
    view! {
        <p data-example="" data-pays=one.pays.get().to_string() data-instead=one.instead.get().to_string()>
            {text}" "<span class="small">{psk}</span>
        </p>
    }
    .into_any()
}

fn conditions(w: Words, offer: &OfferCard) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(offer.audience.map(|who| audience(w, who, offer)));
    lines.extend(period(w, offer));
    if let Some(promo) = offer.effect.rate {
        lines.push(w.t("offers-both"));
        lines.extend(late(w, offer, promo.after_due));
    }
    match offer.per_person {
        Some(1) => lines.push(w.t("offers-once")),
        Some(times) => lines.push(t!(w, "offers-times", count = times)),
        None => {}
    }
    lines.extend(offer.left.map(|left| t!(w, "offers-left", count = left)));
    for end in &offer.ends_on {
        lines.push(w.t(match end {
            EndsOn::Late => "offers-ends-late",
            EndsOn::OtherLoan => "offers-ends-other",
        }));
    }
    lines
}

fn audience(w: Words, who: PromotionAudience, offer: &OfferCard) -> String {
    match who {
        PromotionAudience::Everybody => w.t("offers-for-everybody"),
        PromotionAudience::New => w.t("offers-for-new"),
        PromotionAudience::Repeat => w.t("offers-for-repeat"),
        PromotionAudience::Closed => {
            let within = offer.closed_within.unwrap_or_default();
            t!(w, "offers-for-closed", days = days(w, within))
        }
    }
}

fn period(w: Words, offer: &OfferCard) -> Option<String> {
    let until = long_date(w, offer.until?);
    match offer.from.filter(|_| offer.source == Source::Promotion) {
        Some(from) => Some(t!(
            w,
            "offers-period",
            from = long_date(w, from),
            until = until
        )),
        None => Some(t!(w, "offers-until", until = until)),
    }
}

/// What being late costs: each product has its own ordinary rate.
fn late(w: Words, offer: &OfferCard, after: PromoAfterDue) -> Option<String> {
    let terms = &offer.changes.first()?.product.terms;
    Some(match after {
        PromoAfterDue::Ordinary => {
            let rate = terms.daily_rate.percent_text();
            t!(w, "calc-promo-late", rate = rate)
        }
        PromoAfterDue::Promo => w.t("calc-promo-kept"),
    })
}

fn act(w: Words, offer: &OfferCard) -> AnyView {
    let note = match offer.usable {
        Use::Now => {
            let to = offer
                .changes
                .first()
                .map(|it| calculator(offer, &it.product.terms));
            return to
                .map(|to| {
                    view! { <a class="button wide" data-count="" href=to>{w.t("offers-count")}</a> }
                })
                .into_any();
        }
        Use::Outweighed => "offers-outweighed",
        Use::Reserved => "offers-reserved",
        Use::Over => "offers-over",
        Use::Gone => "offers-gone",
        Use::Not => return ().into_any(),
    };
    view! { <p class="note plain" data-why="">{w.t(note)}</p> }.into_any()
}

/// The calculator where the offer works: at the reduced rate's limits, or at the raised limit.
fn calculator(offer: &OfferCard, product: &Product) -> String {
    let product = offer.effect.on(product);
    let term = opening(&product, true).term;
    match (offer.effect.rate, product.kind) {
        (Some(promo), ProductKind::Bullet) => {
            let amount = snap_amount(&product, promo.max_amount);
            address("/", &product, amount, promo.max_days)
        }
        _ => address("/", &product, product.max_amount, term),
    }
}
