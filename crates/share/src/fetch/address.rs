//! Which addresses a link may make this computer ask: public ones by https, local ones only if the person allowed it.
//!
//! Networks after the IANA special-purpose registries for IPv4 (RFC 6890 and updates) and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;

use crate::error::{Error, Result};

/// What a person allowed for one opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Whether private, loopback and link-local addresses may be asked, and http with them.
    pub allow_lan: bool,
}

/// Where an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Public,
    Local,
    /// Nobody a link could mean: reserved, documentation, multicast, the metadata services of clouds.
    Never,
}

/// Checks every address that a name stands for. All must be allowed: one that is not could be the one that gets asked.
pub fn check(address: &Url, found: &[SocketAddr], policy: AddressPolicy) -> Result<()> {
    if !address.username().is_empty() || address.password().is_some() {
        return Err(Error::AddressRefused("it holds a user name or password"));
    }
    let secure = match address.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err(Error::AddressRefused("it is neither https nor http")),
    };
    if found.is_empty() {
        return Err(Error::Unreachable);
    }
    found.iter().try_for_each(|one| check_one(zone(one.ip()), secure, policy))
}

fn check_one(zone: Zone, secure: bool, policy: AddressPolicy) -> Result<()> {
    match zone {
        Zone::Never => Err(Error::AddressRefused("it leads to a reserved network")),
        Zone::Local if policy.allow_lan => Ok(()),
        Zone::Local => Err(Error::LocalAddress),
        Zone::Public if secure => Ok(()),
        Zone::Public => Err(Error::AddressRefused("it is not secured (http) and lies outside the local network")),
    }
}

fn zone(ip: IpAddr) -> Zone {
    match ip {
        IpAddr::V4(v4) => zone_v4(v4),
        IpAddr::V6(v6) => zone_v6(v6),
    }
}

/// Metadata services of clouds (EC2, ECS, Alibaba), which hand credentials to whoever asks from inside.
const METADATA_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(169, 254, 169, 254), Ipv4Addr::new(169, 254, 170, 2), Ipv4Addr::new(100, 100, 100, 200)];
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

fn zone_v4(ip: Ipv4Addr) -> Zone {
    if METADATA_V4.contains(&ip) {
        return Zone::Never;
    }
    match ip.octets() {
        [10 | 127, ..] | [172, 16..=31, ..] | [192, 168, ..] | [169, 254, ..] | [100, 64..=127, ..] => Zone::Local,
        [0 | 224..=255, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => Zone::Never,
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Zone::Never,
        _ => Zone::Public,
    }
}

fn zone_v6(ip: Ipv6Addr) -> Zone {
    if let Some(inner) = inner_v4(ip) {
        return zone_v4(inner);
    }
    if ip == Ipv6Addr::LOCALHOST {
        return Zone::Local;
    }
    if ip == METADATA_V6 {
        return Zone::Never;
    }
    match ip.segments() {
        [0xfc00..=0xfdff, ..] | [0xfe80..=0xfebf, ..] => Zone::Local,
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Zone::Never,
        [0x2000..=0x3fff, ..] => Zone::Public,
        _ => Zone::Never,
    }
}

/// The IPv4 address inside one that is mapped (`::ffff:0:0/96`), translated (`64:ff9b::/96`) or tunnelled (6to4, `2002::/16`).
fn inner_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => join(high, low),
        [0x2002, high, low, ..] => join(high, low),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ALLOW: AddressPolicy = AddressPolicy { allow_lan: true };
    const STRICT: AddressPolicy = AddressPolicy { allow_lan: false };

    fn verdict(url: &str, ips: &[&str], policy: AddressPolicy) -> &'static str {
        let found: Vec<SocketAddr> = ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 443)).collect();
        check(&Url::parse(url).unwrap(), &found, policy).map_or_else(|e| e.code(), |()| "ok")
    }

    #[test]
    fn local_networks_need_permission() {
        for ip in [
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.20",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "::1",
            "fe80::1",
            "febf::1",
            "fc00::1",
            "fd12:3456::1",
            "::ffff:192.168.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::127.0.0.1",
            "2002:c0a8:0101::1",
            "2002:7f00:1::",
        ] {
            assert_eq!(verdict("https://a.example/", &[ip], STRICT), "local_address", "{ip}");
            assert_eq!(verdict("http://a.example/", &[ip], STRICT), "local_address", "{ip}");
            assert_eq!(verdict("https://a.example/", &[ip], ALLOW), "ok", "{ip}");
            assert_eq!(verdict("http://a.example/", &[ip], ALLOW), "ok", "{ip}");
        }
    }

    #[test]
    fn reserved_networks_are_never_asked() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "192.88.99.1",
            "224.0.0.251",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0.0.0.0",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::fb",
            "2002:a9fe:a9fe::1",
            "4000::1",
        ] {
            assert_eq!(verdict("https://a.example/", &[ip], ALLOW), "address_refused", "{ip}");
            assert_eq!(verdict("https://a.example/", &[ip], STRICT), "address_refused", "{ip}");
        }
    }

    #[test]
    fn public_networks_only_by_https() {
        for ip in [
            "9.9.9.9",
            "172.15.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "2002:909:909::1",
            "64:ff9b::9.9.9.9",
        ] {
            assert_eq!(verdict("https://a.example/", &[ip], STRICT), "ok", "{ip}");
            assert_eq!(verdict("http://a.example/", &[ip], STRICT), "address_refused", "{ip}");
            assert_eq!(verdict("http://a.example/", &[ip], ALLOW), "address_refused", "{ip}");
        }
    }

    #[test]
    fn one_bad_address_among_good_ones_is_enough() {
        assert_eq!(verdict("https://a.example/", &["9.9.9.9", "192.168.0.1"], STRICT), "local_address");
        assert_eq!(verdict("https://a.example/", &["9.9.9.9", "169.254.169.254"], ALLOW), "address_refused");
        assert_eq!(verdict("http://a.example/", &["192.168.0.1", "9.9.9.9"], ALLOW), "address_refused");
        assert_eq!(verdict("https://a.example/", &[], ALLOW), "host_unreachable");
        assert_eq!(verdict("ftp://a.example/", &["9.9.9.9"], ALLOW), "address_refused");
        assert_eq!(verdict("https://u:p@a.example/", &["9.9.9.9"], ALLOW), "address_refused");
    }
}
