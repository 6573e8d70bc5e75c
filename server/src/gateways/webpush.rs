//! Notices to devices by the push services of browsers: RFC 8030 over HTTP, encrypted for the device (RFC 8291),
//! signed by our key (VAPID, RFC 8292).

use std::time::Instant;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use cabinet::notice::push::Subscription;
use cabinet::ports::{DeliveryError, Push, PushMessage};
use reqwest::{Client, StatusCode, Url};
use web_push_native::p256::PublicKey;
use web_push_native::p256::ecdsa::signature::Signer;
use web_push_native::p256::ecdsa::{Signature, SigningKey};
use web_push_native::{Auth, encrypt};

use super::http;
use super::settings::GatewayError;

/// Chromium, Firefox, Safari, Edge. `*` is one or more labels.
const SERVICES: [&str; 4] = [
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
];

/// RFC 8292, §2: at most a day.
const SIGNATURE_SECONDS: i64 = 12 * 3600;

/// The push services.
pub struct WebPush {
    http: Client,
    key: SigningKey,
    contact: String,
    services: Vec<String>,
}

impl WebPush {
    /// `key`: a private number of P-256. `mail`: whom a push service writes to about our notices. `services`: origins
    /// besides the known ones.
    pub fn new(key: &[u8; 32], mail: &str, services: &[String]) -> Result<Self, GatewayError> {
        let key = SigningKey::from_slice(key).map_err(|_| GatewayError::Wrong {
            flag: "keys",
            problem: "push.key is no private key of P-256; make another with `kopeck keys`".into(),
        })?;
        let known = SERVICES.iter().map(|service| (*service).to_owned());
        let services: Vec<String> = known.chain(services.iter().cloned()).collect();
        Ok(Self {
            // A service on this machine is a test's; real ones go through whatever proxy is set.
            http: http::client(services.last().map_or("", String::as_str))?,
            key,
            contact: format!("mailto:{mail}"),
            services,
        })
    }

    fn public(&self) -> String {
        BASE64.encode(self.key.verifying_key().to_encoded_point(false))
    }

    /// The header by which a push service knows us; good for one origin and half a day.
    fn authorization(&self, endpoint: &Url, now: i64) -> String {
        let claims = serde_json::json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": now + SIGNATURE_SECONDS,
            "sub": self.contact,
        });
        let text = format!(
            "{}.{}",
            BASE64.encode(r#"{"typ":"JWT","alg":"ES256"}"#),
            BASE64.encode(claims.to_string())
        );
        let signature: Signature = self.key.sign(text.as_bytes());
        let signature = BASE64.encode(signature.to_bytes());
        format!("vapid t={text}.{signature}, k={}", self.public())
    }

    async fn post(&self, message: &PushMessage) -> Result<(), DeliveryError> {
        let gone = |text: &str| DeliveryError::Permanent(text.to_owned());
        let endpoint = Url::parse(&message.to.endpoint).map_err(|_| gone("no address"))?;
        let sealed = seal(&message.to, &message.text).ok_or_else(|| gone("no key"))?;
        let now = chrono::Utc::now().timestamp();
        let authorization = self.authorization(&endpoint, now);
        let answer = self
            .http
            .post(endpoint)
            .header("authorization", authorization)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", message.lasts.as_secs())
            // At most 32 letters (RFC 8030, §5.4).
            .header("topic", message.topic.simple().to_string())
            .header("urgency", "normal")
            .body(sealed)
            .send()
            .await
            .map_err(|error| DeliveryError::Temporary(http::trouble(error)))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(gone("the device is gone")),
            status => Err(DeliveryError::Temporary(format!("HTTP {status}"))),
        }
    }
}

/// The text as only this device can read it.
fn seal(to: &Subscription, text: &str) -> Option<Vec<u8>> {
    let bytes = |text: &str| BASE64.decode(text.trim_end_matches('=')).ok();
    let key = PublicKey::from_sec1_bytes(&bytes(&to.p256dh)?).ok()?;
    let auth: [u8; 16] = bytes(&to.auth)?.try_into().ok()?;
    encrypt(text.as_bytes().to_vec(), &key, &Auth::from(auth)).ok()
}

/// Whether an address is at this service.
fn at(service: &str, endpoint: &Url) -> bool {
    let origin = endpoint.origin().ascii_serialization();
    match service.split_once('*') {
        Some((start, end)) => origin
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|label| !label.is_empty() && !label.contains(['/', ':', '@'])),
        None => origin == service.trim_end_matches('/'),
    }
}

#[async_trait]
impl Push for WebPush {
    fn key(&self) -> Option<String> {
        Some(self.public())
    }

    fn serves(&self, endpoint: &str) -> bool {
        Url::parse(endpoint).is_ok_and(|url| self.services.iter().any(|service| at(service, &url)))
    }

    async fn send(&self, message: &PushMessage) -> Result<(), DeliveryError> {
        let since = Instant::now();
        let result = self.post(message).await;
        let outcome = match &result {
            Ok(()) => "ok",
            Err(DeliveryError::Temporary(_)) => "failed",
            Err(DeliveryError::Permanent(_)) => "gone",
        };
        http::measured("push", "send", outcome, since);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use web_push_native::p256::SecretKey;
    use web_push_native::p256::ecdsa::VerifyingKey;
    use web_push_native::p256::ecdsa::signature::Verifier;
    use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;

    fn sender() -> WebPush {
        WebPush::new(&[7; 32], "help@kopeck.example", &[]).expect("a sender")
    }

    #[test]
    fn only_push_services_are_written_to() {
        let sender = sender();
        for right in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://web.push.apple.com/QABC",
            "https://db5p.notify.windows.com/w/?token=a",
        ] {
            assert!(sender.serves(right), "{right}");
        }
        for wrong in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com.evil.example/",
            "https://fcm.googleapis.com:8443/",
            "https://evil.example/.push.apple.com",
            "https://push.apple.com/",
            "https://.push.apple.com/",
            "https://a@169.254.169.254/",
            "http://127.0.0.1:3000/",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!sender.serves(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_signature_is_for_the_service_and_checks_with_the_public_key() {
        let sender = sender();
        let endpoint = Url::parse("https://fcm.googleapis.com/fcm/send/abc").expect("an address");
        let header = sender.authorization(&endpoint, 1_000);
        let (token, key) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .expect("the form of RFC 8292");
        assert_eq!(Some(key.to_owned()), sender.key());
        let (signed, signature) = token.rsplit_once('.').expect("a token");
        let claims = signed.split_once('.').expect("claims").1;
        let claims = BASE64.decode(claims).expect("base64");
        let claims: serde_json::Value = serde_json::from_slice(&claims).expect("json");
        assert_eq!(claims["aud"], "https://fcm.googleapis.com");
        assert_eq!(claims["exp"], 1_000 + 12 * 3600);
        assert_eq!(claims["sub"], "mailto:help@kopeck.example");
        let public = BASE64.decode(key).expect("base64");
        let public = VerifyingKey::from_sec1_bytes(&public).expect("a key");
        let bytes = BASE64.decode(signature).expect("base64");
        let signature = Signature::from_slice(&bytes).expect("a signature");
        public
            .verify(signed.as_bytes(), &signature)
            .expect("signed");
        assert!(public.verify(b"another", &signature).is_err());
    }

    #[test]
    fn only_the_device_reads_the_text() {
        let device = SecretKey::from_slice(&[9; 32]).expect("a key");
        let to = Subscription {
            endpoint: "https://fcm.googleapis.com/fcm/send/abc".into(),
            p256dh: BASE64.encode(device.public_key().to_encoded_point(false)),
            auth: BASE64.encode([5; 16]),
        };
        let sealed = seal(&to, "завтра платёж").expect("sealed");
        let auth = Auth::from([5; 16]);
        let opened = web_push_native::decrypt(sealed.clone(), &device, &auth).expect("opened");
        assert_eq!(opened, "завтра платёж".as_bytes());
        let another = SecretKey::from_slice(&[8; 32]).expect("a key");
        assert!(web_push_native::decrypt(sealed, &another, &auth).is_err());
    }

    #[test]
    fn a_number_that_is_no_key_is_named() {
        let zero = WebPush::new(&[0; 32], "a@b.c", &[]).err().expect("refused");
        assert!(zero.to_string().contains("push.key"));
    }
}
