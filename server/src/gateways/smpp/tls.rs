//! The line inside TLS: which certificates are believed, and for which name.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls_platform_verifier::BuilderVerifierExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{GatewayError, wrong};

/// Encrypts lines to one gateway, and believes no other.
pub struct Tls {
    connector: TlsConnector,
    /// What the gateway's certificate has to be for: a name, or an address.
    name: ServerName<'static>,
}

impl Tls {
    /// For the gateway of this name. `authority`: a file with whom alone it is believed by; whom this machine trusts without one.
    pub fn new(host: &str, authority: Option<&Path>) -> Result<Self, GatewayError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            wrong(
                "sms-url",
                &format!("no certificate can be for `{host}`; write smpps://host:3550"),
            )
        })?;
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong("sms-url", &error.to_string()))?;
        let config = match authority {
            Some(file) => builder.with_root_certificates(roots(file)?),
            None => builder
                .with_platform_verifier()
                .map_err(|error| wrong("sms-url", &error.to_string()))?,
        };
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config.with_no_client_auth())),
            name,
        })
    }

    /// This connection inside TLS; an error when the other end is not who it should be.
    pub async fn around(
        &self,
        stream: TcpStream,
        patience: Duration,
    ) -> Result<TlsStream<TcpStream>, String> {
        timeout(patience, self.connector.connect(self.name.clone(), stream))
            .await
            .map_err(|_| "time-out of TLS".to_owned())?
            .map_err(|error| format!("TLS: {error}"))
    }
}

/// The certificates of a PEM file. A file without any would trust nobody, for ever.
fn roots(file: &Path) -> Result<RootCertStore, GatewayError> {
    let unusable = |why: String| {
        let file = file.display();
        wrong(
            "sms-authority",
            &format!("{file}: {why}; write a file with the authority's certificate as PEM"),
        )
    };
    let mut roots = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("no certificate in it".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_checked_is_named_at_start() {
        let refused = |host: &str, authority: Option<&Path>| {
            let tls = Tls::new(host, authority).err();
            tls.expect("refused").to_string()
        };
        assert!(Tls::new("gate.operator.example", None).is_ok());
        assert!(Tls::new("10.0.0.7", None).is_ok());
        assert!(Tls::new("fd00::7", None).is_ok());
        let name = refused("два слова", None);
        assert!(
            name.starts_with("--sms-url: no certificate can be for"),
            "{name}"
        );
        let folder = std::env::temp_dir().join(format!("kopeck-tls-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let [missing, empty, broken] = ["missing", "empty", "broken"].map(|name| folder.join(name));
        std::fs::write(&empty, "nothing of the kind").expect("written");
        let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&broken, text).expect("written");
        for file in [&missing, &empty, &broken] {
            let said = refused("gate.operator.example", Some(file));
            assert!(said.starts_with("--sms-authority: "), "{said}");
            assert!(said.contains("write a file with"), "{said}");
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
