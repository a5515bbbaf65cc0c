//! A certificate authority of one's own, for tests, the demo and small sites, so that every link is TLS.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, Days, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use serde::{Deserialize, Serialize};

use crate::error::At as _;
use crate::{Error, files};

/// Days the authority is valid.
const AUTHORITY_DAYS: u64 = 3650;
/// Days a server's certificate is valid.
const SERVER_DAYS: u64 = 397;
/// Days before its end that it is made anew.
const RENEWAL_DAYS: u64 = 30;

/// The files of a server's certificate (PEM).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The authority that signed it.
    pub ca: PathBuf,
    /// The certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What the server's certificate was made for.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    hosts: Vec<String>,
    until: DateTime<Utc>,
}

/// An authority in `directory`, and a server's certificate for `hosts` (names or addresses) signed by it. What exists is
/// kept; the certificate is made anew when the hosts change or it ends within a month.
///
/// # Errors
/// [`Error::Certificate`] when a host is no name; when a file cannot be read or written.
pub fn local_tls(directory: &Path, hosts: &[&str], now: DateTime<Utc>) -> Result<TlsFiles, Error> {
    files::make_directory(directory)?;
    let directory = directory.canonicalize().at(directory)?;
    let _lock = files::lock(&directory)?;
    let file = |name: &str| directory.join(name);
    let (ca, ca_key) = (file("ca.pem"), file("ca-key.pem"));
    let key = match files::read(&ca_key)? {
        Some(pem) if ca.exists() => KeyPair::from_pem(&pem)?,
        _ => {
            let key = KeyPair::generate()?;
            let mut params = authority()?;
            valid(&mut params, now, AUTHORITY_DAYS);
            files::write(&ca_key, &key.serialize_pem())?;
            files::write(&ca, &params.self_signed(&key)?.pem())?;
            key
        }
    };
    let tls = TlsFiles {
        ca,
        certificate: file("server.pem"),
        key: file("server-key.pem"),
    };
    let made: Option<Made> = files::read_json(&file("server.json"))?;
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let good = |made: &Made| made.hosts == hosts && now + Days::new(RENEWAL_DAYS) < made.until;
    if !made.as_ref().is_some_and(good) || !tls.certificate.exists() || !tls.key.exists() {
        let mut params = CertificateParams::new(hosts.clone())?;
        params.distinguished_name.push(
            DnType::CommonName,
            hosts.first().cloned().unwrap_or_default(),
        );
        params.use_authority_key_identifier_extension = true;
        params.key_usages.push(KeyUsagePurpose::DigitalSignature);
        params
            .extended_key_usages
            .push(ExtendedKeyUsagePurpose::ServerAuth);
        valid(&mut params, now, SERVER_DAYS);
        let server_key = KeyPair::generate()?;
        let certificate = params.signed_by(&server_key, &Issuer::new(authority()?, key))?;
        files::write(&tls.key, &server_key.serialize_pem())?;
        files::write(&tls.certificate, &certificate.pem())?;
        let until = now + Days::new(SERVER_DAYS);
        files::write_json(&file("server.json"), &Made { hosts, until })?;
    }
    Ok(tls)
}

fn authority() -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "Fengqiao local CA");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// From the day before, since clocks differ.
fn valid(params: &mut CertificateParams, now: DateTime<Utc>, days: u64) {
    let day = |at: DateTime<Utc>| {
        let (month, day) = (at.month(), at.day());
        date_time_ymd(
            at.year(),
            u8::try_from(month).unwrap_or(1),
            u8::try_from(day).unwrap_or(1),
        )
    };
    params.not_before = day(now - Days::new(1));
    params.not_after = day(now + Days::new(days));
}
