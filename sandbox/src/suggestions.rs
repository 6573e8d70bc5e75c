//! A service of suggestions that speaks DaData's protocol (API 4.1): names and addresses by their beginnings, out of a
//! short list.

use axum::body::Bytes;
use axum::extract::State as AxumState;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::{App, faults};

const TOKEN: &str = "Token sandbox-suggestions";
const ROOT: &str = "/suggestions/api/4_1/rs/suggest";

const SURNAMES: &[&str] = &[
    "Тестова",
    "Тестов",
    "Тестовская",
    "Тестоедова",
    "Иванова",
    "Ивановская",
];
const NAMES: &[&str] = &["Анна", "Аннета", "Андрей", "Анастасия", "Мария", "Марк"];
const PATRONYMICS: &[&str] = &["Петровна", "Петрович", "Павловна", "Павлович", "Ивановна"];
/// Region's code, its name, a town, its streets with their types.
const PLACES: &[(&str, &str, &str, &[&str])] = &[
    (
        "77",
        "г Москва",
        "Москва",
        &["ул Арбат", "ул Новый Арбат", "Арбатский пер", "ул Тверская"],
    ),
    ("77", "г Москва", "Московский", &["ул Хабарова"]),
    (
        "16",
        "Респ Татарстан",
        "Казань",
        &["ул Баумана", "ул Пушкина", "ул Кремлёвская"],
    ),
    ("16", "Респ Татарстан", "Казанбаш", &["ул Вахитова"]),
    (
        "52",
        "Нижегородская обл",
        "Нижний Новгород",
        &["ул Большая Покровская", "ул Рождественская"],
    ),
];

pub fn router() -> Router<App> {
    Router::new()
        .route(&format!("{ROOT}/fio"), post(fio))
        .route(&format!("{ROOT}/address"), post(address))
}

/// A question, once its token and its form are right.
fn question(headers: &HeaderMap, body: &Bytes) -> Result<Value, Box<Response>> {
    let refuse = |status: StatusCode, text: &str| {
        Err(Box::new(
            (status, Json(json!({ "message": text }))).into_response(),
        ))
    };
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|value| value != TOKEN)
    {
        return refuse(StatusCode::FORBIDDEN, "wrong token");
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(question) if question["query"].is_string() => Ok(question),
        _ => refuse(StatusCode::BAD_REQUEST, "query is required"),
    }
}

fn begins(text: &str, query: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('ё', "е");
    plain(text)
        .split(' ')
        .any(|word| word.starts_with(&plain(query)))
}

fn answered(question: &Value, all: impl Iterator<Item = Value>) -> Response {
    let count = question["count"].as_u64().unwrap_or(10).min(20);
    let count = usize::try_from(count).unwrap_or(10);
    Json(json!({ "suggestions": all.take(count).collect::<Vec<_>>() })).into_response()
}

fn suggestion(value: &str, data: Value) -> Value {
    json!({ "value": value, "unrestricted_value": value, "data": data })
}

async fn fio(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let question = match question(&headers, &body) {
        Ok(question) => question,
        Err(refusal) => return *refusal,
    };
    faults::around(&app, "suggestions.fio", |_| {
        let query = question["query"].as_str().unwrap_or_default();
        let (list, key) = match question["parts"][0].as_str() {
            Some("NAME") => (NAMES, "name"),
            Some("PATRONYMIC") => (PATRONYMICS, "patronymic"),
            _ => (SURNAMES, "surname"),
        };
        let found = list.iter().filter(|text| begins(text, query));
        answered(
            &question,
            found.map(|text| suggestion(text, json!({ key: text }))),
        )
    })
    .await
}

async fn address(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let question = match question(&headers, &body) {
        Ok(question) => question,
        Err(refusal) => return *refusal,
    };
    faults::around(&app, "suggestions.address", |_| {
        let query = question["query"].as_str().unwrap_or_default();
        let within = &question["locations"][0];
        let there = |key: &str, text: &str| within[key].as_str().is_none_or(|asked| asked == text);
        let streets = question["from_bound"]["value"] == "street";
        let places = PLACES
            .iter()
            .filter(|(code, _, town, _)| there("kladr_id", code) && there("city", town));
        let found = places.flat_map(|(code, region, town, own)| {
            let data = json!({ "region_with_type": region, "region_kladr_id": format!("{code}00000000000"), "city": town });
            let of_streets = own.iter().filter(|street| streets && begins(street, query)).map({
                let data = data.clone();
                move |street| {
                    let mut data = data.clone();
                    data["street_with_type"] = json!(street);
                    suggestion(street, data)
                }
            });
            let itself = (!streets && begins(town, query))
                .then(|| suggestion(&format!("г {town}"), data));
            of_streets.chain(itself).collect::<Vec<_>>()
        });
        answered(&question, found)
    })
    .await
}
