//! What a file is, by its first bytes.

/// Magic numbers: PDF (ISO 32000-1, 7.5.2), JPEG (ITU T.81), PNG (ISO/IEC 15948), GIF89a, TIFF 6.0, ZIP (APPNOTE), gzip (RFC 1952).
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
];

/// The media type that the first bytes prove; `None` where they prove nothing (plain text, for one, has no signature).
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(128..132) == Some(b"DICM") {
        return Some("application/dicom");
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

/// An extension for a file that came without a name.
pub(crate) fn extension(media_type: &str) -> &'static str {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/tiff" => "tif",
        "text/plain" => "txt",
        "text/html" => "html",
        "application/dicom" => "dcm",
        "application/zip" => "zip",
        kind if kind.ends_with("xml") => "xml",
        kind if kind.ends_with("json") => "json",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        let mut dicom = vec![0; 128];
        dicom.extend(b"DICM\x02\x00");
        assert_eq!(media_type(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n\0"), Some("image/png"));
        assert_eq!(media_type(&dicom), Some("application/dicom"));
        assert_eq!(media_type(b"Dear colleague"), None);
        assert_eq!(media_type(b""), None);
    }
}
