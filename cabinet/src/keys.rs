//! Encryption of personal columns.
//!
//! AES-256-GCM-SIV with the table, column and row as associated data: a ciphertext moved to another
//! cell does not open. Every ciphertext names its key, so keys rotate without rewriting at once.
//! Searching by phone or passport goes through keyed hashes of a key of their own.

use std::collections::BTreeMap;

use aes_gcm_siv::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::error::{CabinetError, Result};

/// The keys of one installation. There is no way to print them.
pub struct Keys {
    current: String,
    field: BTreeMap<String, Aes256GcmSiv>,
    index: [u8; 32],
    code: [u8; 32],
    push: Option<[u8; 32]>,
    paper: SigningKey,
}

/// Why a key file can't be used. Says which entry, never its value.
#[derive(Debug, thiserror::Error)]
#[error("keys: {0}")]
pub struct KeysError(String);

impl Keys {
    /// Reads a key file:
    /// ```toml
    /// [field]
    /// current = "k1"
    /// k1 = "…32 bytes in base64…"
    /// [index]
    /// key = "…"
    /// [code]
    /// key = "…"
    /// [push]
    /// key = "…"
    /// [paper]
    /// key = "…"
    /// ```
    /// `[push]` may be missing: then no notices are sent to devices. Without `[paper]`, papers are
    /// signed with a key made of the one of `[index]`.
    pub fn from_toml(text: &str) -> std::result::Result<Self, KeysError> {
        let mut file: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text)
            .map_err(|_| KeysError("three tables of strings are expected".into()))?;
        let mut section = |name: &str| {
            file.remove(name)
                .ok_or_else(|| KeysError(format!("the table [{name}] is missing")))
        };
        let (push, paper) = (section("push").ok(), section("paper").ok());
        let (mut field, index, code) = (section("field")?, section("index")?, section("code")?);
        let current = field
            .remove("current")
            .ok_or_else(|| KeysError("field.current is missing".into()))?;
        let mut ciphers = BTreeMap::new();
        for (id, key) in field {
            if id.is_empty() || id.contains([':', '.']) {
                return Err(KeysError("a key id has ':' or '.' in it".into()));
            }
            let bytes = secret(&format!("field.{id}"), Some(&key))?;
            ciphers.insert(id, Aes256GcmSiv::new(&bytes.into()));
        }
        if !ciphers.contains_key(&current) {
            return Err(KeysError("field.current names no key".into()));
        }
        let index = secret("index.key", index.get("key"))?;
        let paper = match paper {
            Some(paper) => secret("paper.key", paper.get("key"))?,
            None => mac(&index, "paper", "Ed25519"),
        };
        Ok(Self {
            current,
            field: ciphers,
            paper: SigningKey::from_bytes(&paper),
            index,
            code: secret("code.key", code.get("key"))?,
            push: push
                .map(|push| secret("push.key", push.get("key")))
                .transpose()?,
        })
    }

    /// A new key file.
    pub fn generate_toml() -> String {
        let key = || BASE64.encode(Key::<Aes256GcmSiv>::generate());
        format!(
            "[field]\ncurrent = \"k1\"\nk1 = \"{}\"\n\n[index]\nkey = \"{}\"\n\n[code]\nkey = \"{}\"\n\n\
             [push]\nkey = \"{}\"\n\n[paper]\nkey = \"{}\"\n",
            key(),
            key(),
            key(),
            key(),
            key()
        )
    }

    /// The private key that signs notices to devices (RFC 8292), a number of P-256.
    pub const fn push(&self) -> Option<&[u8; 32]> {
        self.push.as_ref()
    }

    /// Signs a paper's message with Ed25519: base64.
    pub fn sign_paper(&self, message: &str) -> String {
        BASE64.encode(self.paper.sign(message.as_bytes()).to_bytes())
    }

    /// Whether a signature is ours, and of this message.
    pub fn paper_signed(&self, message: &str, signature: &str) -> bool {
        let bytes = BASE64.decode(signature).ok();
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| {
            let key = self.paper.verifying_key();
            key.verify_strict(message.as_bytes(), &signature).is_ok()
        })
    }

    /// The public key of papers: base64, 32 bytes.
    pub fn paper_key(&self) -> String {
        BASE64.encode(self.paper.verifying_key().as_bytes())
    }

    /// Encrypts a cell: `k1:nonce.ciphertext`.
    pub fn encrypt(&self, table: &str, column: &str, row_id: &str, text: &str) -> Result<String> {
        self.encrypt_bytes(table, column, row_id, text.as_bytes())
    }

    /// The same of bytes, such as a picture.
    pub fn encrypt_bytes(
        &self,
        table: &str,
        column: &str,
        row_id: &str,
        bytes: &[u8],
    ) -> Result<String> {
        let cipher = self
            .field
            .get(&self.current)
            .ok_or_else(|| CabinetError::internal("the current key is missing"))?;
        let nonce = Nonce::generate();
        let aad = cell(table, column, row_id);
        let payload = Payload {
            msg: bytes,
            aad: aad.as_bytes(),
        };
        let sealed = cipher
            .encrypt(&nonce, payload)
            .map_err(|_| CabinetError::internal("encryption failed"))?;
        Ok(format!(
            "{}:{}.{}",
            self.current,
            BASE64.encode(nonce),
            BASE64.encode(sealed)
        ))
    }

    /// Decrypts a cell, whichever of the known keys it was written with.
    pub fn decrypt(&self, table: &str, column: &str, row_id: &str, text: &str) -> Result<String> {
        let bytes = self.decrypt_bytes(table, column, row_id, text)?;
        String::from_utf8(bytes).map_err(|_| undecrypted(table, column, row_id))
    }

    /// The same of bytes.
    pub fn decrypt_bytes(
        &self,
        table: &str,
        column: &str,
        row_id: &str,
        text: &str,
    ) -> Result<Vec<u8>> {
        self.open(table, column, row_id, text)
            .ok_or_else(|| undecrypted(table, column, row_id))
    }

    fn open(&self, table: &str, column: &str, row_id: &str, text: &str) -> Option<Vec<u8>> {
        let (id, rest) = text.split_once(':')?;
        let (nonce, sealed) = rest.split_once('.')?;
        let nonce: [u8; 12] = BASE64.decode(nonce).ok()?.try_into().ok()?;
        let sealed = BASE64.decode(sealed).ok()?;
        let aad = cell(table, column, row_id);
        let payload = Payload {
            msg: sealed.as_slice(),
            aad: aad.as_bytes(),
        };
        self.field
            .get(id)?
            .decrypt(&Nonce::from(nonce), payload)
            .ok()
    }

    /// A keyed hash to search by: equal values of one kind have equal hashes.
    pub fn blind_index(&self, kind: &str, value: &str) -> String {
        hex(&mac(&self.index, kind, value))
    }

    /// A keyed hash of a one-time code, bound to the code's row.
    pub fn code_hmac(&self, code_id: &str, digits: &str) -> String {
        hex(&mac(&self.code, code_id, digits))
    }
}

fn undecrypted(table: &str, column: &str, row_id: &str) -> CabinetError {
    CabinetError::internal(format!("{table}.{column} of {row_id} does not decrypt"))
}

fn secret(name: &str, text: Option<&String>) -> std::result::Result<[u8; 32], KeysError> {
    text.and_then(|text| BASE64.decode(text.trim()).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| KeysError(format!("{name} must be 32 bytes in base64")))
}

/// The cell's name as associated data; the separator can't occur in names of tables and columns.
fn cell(table: &str, column: &str, row_id: &str) -> String {
    format!("{table}\u{1f}{column}\u{1f}{row_id}")
}

fn mac(key: &[u8; 32], kind: &str, value: &str) -> [u8; 32] {
    // HMAC fills a short key with zeros up to the hash's block; done here, no length can be wrong.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    mac.update(kind.as_bytes());
    mac.update(&[0x1f]);
    mac.update(value.as_bytes());
    mac.finalize().into_bytes().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Equality whose time does not tell where two secrets differ.
pub(crate) fn same_secret(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .fold(0, |difference, (l, r)| difference | (l ^ r))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_toml(&Keys::generate_toml()).expect("generated keys")
    }

    #[test]
    fn a_cell_opens_only_in_its_place() {
        let keys = keys();
        let sealed = keys
            .encrypt("person", "passport", "1", "4510 123456")
            .expect("sealed");
        assert!(sealed.starts_with("k1:") && !sealed.contains("4510"));
        assert_eq!(
            keys.decrypt("person", "passport", "1", &sealed)
                .expect("opened"),
            "4510 123456"
        );
        assert!(keys.decrypt("person", "passport", "2", &sealed).is_err());
        assert!(keys.decrypt("person", "inn", "1", &sealed).is_err());
        let again = keys
            .encrypt("person", "passport", "1", "4510 123456")
            .expect("sealed");
        assert_ne!(sealed, again);
    }

    #[test]
    fn a_paper_is_signed_by_one_key_alone() {
        let (ours, others) = (keys(), keys());
        let signature = ours.sign_paper("paper");
        assert!(ours.paper_signed("paper", &signature));
        assert!(!ours.paper_signed("Paper", &signature));
        assert!(!others.paper_signed("paper", &signature));
        assert!(!ours.paper_signed("paper", "AAAA") && !ours.paper_signed("paper", "…"));
        assert_ne!(ours.paper_key(), others.paper_key());
    }

    #[test]
    fn a_file_from_before_papers_signs_them_all_the_same() {
        let file = Keys::generate_toml();
        let (before, _) = file.split_once("[paper]").expect("a key of papers");
        let sign = || Keys::from_toml(before).expect("keys").sign_paper("paper");
        assert_eq!(sign(), sign());
        assert_ne!(
            sign(),
            Keys::from_toml(&file).expect("keys").sign_paper("paper")
        );
    }

    #[test]
    fn an_old_key_still_opens() {
        let file = Keys::generate_toml();
        let old = Keys::from_toml(&file).expect("keys");
        let sealed = old.encrypt("t", "c", "1", "тайна").expect("sealed");
        let second = BASE64.encode([7_u8; 32]);
        let rotated = file.replace(
            "current = \"k1\"",
            &format!("current = \"k2\"\nk2 = \"{second}\""),
        );
        let new = Keys::from_toml(&rotated).expect("rotated");
        assert_eq!(
            new.decrypt("t", "c", "1", &sealed).expect("opened"),
            "тайна"
        );
        assert!(
            new.encrypt("t", "c", "1", "тайна")
                .expect("sealed")
                .starts_with("k2:")
        );
    }

    #[test]
    fn indexes_differ_by_kind_and_key() {
        let keys = keys();
        assert_eq!(
            keys.blind_index("phone", "1"),
            keys.blind_index("phone", "1")
        );
        assert_ne!(keys.blind_index("phone", "1"), keys.blind_index("inn", "1"));
        assert_ne!(keys.blind_index("phone", "1"), keys.code_hmac("phone", "1"));
        assert_ne!(
            keys.blind_index("phone", "1"),
            super::tests::keys().blind_index("phone", "1")
        );
    }

    #[test]
    fn broken_files_are_refused_without_telling_the_key() {
        let good = Keys::generate_toml();
        for bad in [
            "",
            "x",
            "[field]\n[index]\n[code]",
            &good.replace("k1 = ", "k9 = "),
        ] {
            assert!(Keys::from_toml(bad).is_err());
        }
        let short = good.replace("[index]\nkey = \"", "[index]\nkey = \"AAAA");
        let error = Keys::from_toml(&short).err().expect("refused").to_string();
        assert!(error.contains("index.key") && !error.contains("AAAA"));
    }
}
