//! What may be tested at all. The test writes thousands of made-up cases, so a node must be listed as a test target, by its
//! address and by who issues the tokens it trusts: the tokens of a real centre's login are refused even when an address was
//! listed by mistake.

use anyhow::{Context as _, Result, bail, ensure};
use reqwest::Url;
use serde::{Deserialize, Deserializer, de::Error as _};

/// The list that is built in: this machine alone.
pub const BUILT_IN: &str = include_str!("../targets.toml");

/// The test targets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// One entry each.
    #[serde(default)]
    target: Vec<Target>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    /// Scheme, host and port; without a port the scheme's own, and on this machine any.
    #[serde(deserialize_with = "url")]
    address: Url,
    /// `iss` of the tokens that may be used there.
    issuer: String,
}

impl Targets {
    /// Reads a list.
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(text: &str) -> Result<Self> {
        let list: Self = toml::from_str(text)?;
        for target in &list.target {
            ensure!(
                target
                    .address
                    .host_str()
                    .is_some_and(|host| !host.is_empty())
                    && target.address.path() == "/",
                "{}: scheme, host and perhaps port is what a target is listed by",
                target.address
            );
        }
        Ok(list)
    }

    /// Whether a node may be tested with tokens of an issuer.
    ///
    /// # Errors
    /// It is not listed, or not with this issuer.
    pub fn allow(&self, address: &Url, issuer: &str) -> Result<()> {
        let listed: Vec<&Target> = self
            .target
            .iter()
            .filter(|target| target.covers(address))
            .collect();
        let Some(first) = listed.first() else {
            bail!(
                "{address} is not listed as a test target. The test writes made-up cases that stay there for good. If it is a \
                 node for tests, add it to the list (loadtest/targets.toml, --targets)"
            );
        };
        ensure!(
            listed.iter().any(|target| target.issuer == issuer),
            "{address} is listed as a test target whose tokens are issued by {}, and these are issued by {issuer}: the login of \
             another node, perhaps of a real one",
            first.issuer
        );
        Ok(())
    }
}

impl Target {
    fn is_loopback(&self) -> bool {
        match self.address.host_str() {
            Some("localhost") => true,
            Some(host) => {
                let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
                address.is_ok_and(|address| address.is_loopback())
            }
            None => false,
        }
    }

    fn covers(&self, address: &Url) -> bool {
        self.address.scheme() == address.scheme()
            && self.address.host() == address.host()
            && (self.address.port_or_known_default() == address.port_or_known_default()
                || self.address.port().is_none() && self.is_loopback())
            && address.username().is_empty()
    }
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

/// The address of a node as it is given on the command line: scheme, host and port.
///
/// # Errors
/// It is none.
pub fn address(text: &str) -> Result<Url> {
    let url: Url = text
        .parse()
        .with_context(|| format!("{text} is no address"))?;
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none(),
        "{text}: an address is http(s)://host:port"
    );
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Targets, address};

    const DEVELOPMENT: &str = "urn:fengqiao:development";

    #[test]
    fn without_a_list_of_ones_own_only_this_machine_may_be_tested() {
        let targets = Targets::parse(BUILT_IN).unwrap();
        for near in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:9000",
        ] {
            targets.allow(&address(near).unwrap(), DEVELOPMENT).unwrap();
        }
        for far in [
            "http://10.0.0.7:8080",
            "https://127.0.0.1:8080",
            "https://centre.example",
            "http://127.0.0.1.example:8080",
            "http://me@127.0.0.1:8080",
        ] {
            let error = targets
                .allow(&address(far).unwrap(), DEVELOPMENT)
                .unwrap_err();
            assert!(
                error.to_string().contains("is not listed as a test target"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_tokens_of_another_login_are_refused() {
        let targets = Targets::parse(BUILT_IN).unwrap();
        let here = address("http://127.0.0.1:8080").unwrap();
        let error = targets
            .allow(&here, "https://login.gansu.example")
            .unwrap_err();
        assert!(
            error.to_string().contains("perhaps of a real one"),
            "{error}"
        );
    }

    #[test]
    fn a_listed_port_is_the_only_one() {
        let list = "[[target]]\naddress = \"http://test-6206:8080\"\nissuer = \"urn:test\"\n";
        let targets = Targets::parse(list).unwrap();
        targets
            .allow(&address("http://test-6206:8080").unwrap(), "urn:test")
            .unwrap();
        targets
            .allow(&address("http://test-6206").unwrap(), "urn:test")
            .unwrap_err();
    }

    #[test]
    fn a_list_with_a_slip_is_refused() {
        assert!(Targets::parse("[[targets]]\n").is_err());
        assert!(Targets::parse("[[target]]\naddress = \"http://a/b\"\nissuer = \"i\"\n").is_err());
    }
}
