//! What a page's address says besides which page it is.

use axum::extract::Query as Decoded;
use axum::http::request::Parts;

use super::with_request;

/// The parts of a page's path that have a name (`id` of `/loans/{id}`), decoded. The server puts them into the request.
#[derive(Debug, Clone, Default)]
pub struct Named(Vec<(Box<str>, Box<str>)>);

impl Named {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, part)| &**part)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Named {
    fn from_iter<Named: IntoIterator<Item = (&'a str, &'a str)>>(named: Named) -> Self {
        Self(
            named
                .into_iter()
                .map(|(name, part)| (name.into(), part.into()))
                .collect(),
        )
    }
}

/// A named part of the path of the page being made; empty where its route has none of that name.
pub fn path_part(name: &str) -> String {
    let part = |parts: &Parts| Some(parts.extensions.get::<Named>()?.get(name)?.to_owned());
    with_request(part).flatten().unwrap_or_default()
}

/// The query of the address, decoded once.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    fn of(parts: &Parts) -> Self {
        // What is malformed stays in it as it is: nothing is refused here.
        let decoded = Decoded::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Self(decoded.map(|Decoded(pairs)| pairs).unwrap_or_default())
    }

    /// The value of this name: of several, the last.
    pub fn get(&self, name: &str) -> Option<String> {
        let mut named = self.0.iter().rev().filter(|(key, _)| key == name);
        named.next().map(|(_, value)| value.clone())
    }
}

/// The query of the page being made; an empty one outside of a request.
pub fn query() -> Query {
    with_request(Query::of).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::{Named, Query};

    fn asked(address: &str) -> Query {
        let (parts, ()) = Request::get(address)
            .body(())
            .expect("an address")
            .into_parts();
        Query::of(&parts)
    }

    #[test]
    fn a_query_is_decoded_once() {
        let query = asked("/?q=%D0%B4%D0%B5%D0%BD%D1%8C%D0%B3%D0%B8+100%25&next=%2Fa%3Fb%3D%252F");
        assert_eq!(query.get("q").as_deref(), Some("деньги 100%"));
        assert_eq!(query.get("next").as_deref(), Some("/a?b=%2F"));
        assert_eq!(query.get("nothing"), None);
    }

    #[test]
    fn the_last_of_several_is_meant_and_the_malformed_refuses_nothing() {
        assert_eq!(asked("/?on=1&on=2").get("on").as_deref(), Some("2"));
        assert_eq!(asked("/?on").get("on").as_deref(), Some(""));
        assert_eq!(asked("/").get("on"), None);
        let query = asked("/?sum=100%&bad=%FF&&=&on=1");
        assert_eq!(query.get("sum").as_deref(), Some("100%"));
        assert_eq!(query.get("on").as_deref(), Some("1"));
    }

    #[test]
    fn parts_are_found_by_their_names() {
        let named: Named = [("owner", "17"), ("code", "a b")].into_iter().collect();
        assert_eq!(named.get("code"), Some("a b"));
        assert_eq!(named.get("id"), None);
    }
}
