//! Where the browser is sent next.

/// Sends the browser on: only to our own paths.
pub fn go(path: &str) {
    // Browsers read `\` as `/` and leave tabs and line ends out; other letters can't stand in a header as they are.
    let plain = path
        .bytes()
        .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    let own = plain && path.starts_with('/') && !path.starts_with("//");
    leptos_axum::redirect(if own { path } else { "/" });
}

/// Sends the browser to the acquirer. The address comes from its own answer, never from the person.
pub fn go_outside(url: &str) {
    let plain = url.starts_with("https://") || url.starts_with("http://");
    if plain && url.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        leptos_axum::redirect(url);
    } else {
        tracing::error!("an outside address is malformed");
        leptos_axum::redirect("/cabinet");
    }
}

/// Sends the browser where a payment goes on: the acquirer's page or one of ours.
pub fn go_pay(next: &str) {
    if next.starts_with('/') {
        go(next);
    } else {
        go_outside(next);
    }
}
