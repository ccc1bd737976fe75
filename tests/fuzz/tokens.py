"""Pieces of text and markup that have broken readers somewhere, put into inputs as they are."""

_TEXTS = (
    "\x00", "\ufffe", "\uffff", "\ufeff", "\u202e", "\u200b", "\x85", "\u2028", "\x1b[2J", "\r", "\x0c", "\xad", "đ", "Đ",
    "e\u0302\u0301", "ộ" * 500, "\u0301" * 5000, "🏛", "\U000e0001", "\U0010ffff", "٣", "²", "½", "ﬁ", "İ", "ẞ", "ſ",
    "31/02/2023", "00/00/0000", "29/02/1900", "12/2023", "32:61", "24:00", "99/99/9999", "1/1/1", "ngày 08 tháng 12 năm",
    "Thứ sáu, ", "hôm qua", "3 ngày trước", "30 Tết", "rằm tháng giêng", "08/12/2023 - 08/12/2022", "2023-12-08T25:61:61Z",
    "20231208", "1702006020", "1702006020000", "9" * 400, "1" * 30_000, "12/3/2023 " * 3000, "ngày " * 5000, "năm 2023 " * 2000,
    "AND", "OR (", ")" * 50, "(" * 50, "NOT NOT -", '"', "*", "site:", "unit:00277", "title:", "since:2021-99", "has:", "doubt:",
    "https://[::1", "//", "http://a.example:99999/", "javascript:alert(1)", "data:text/html,x", "?a=%", "%00", "%ff%fe", "/../../",
    "mailto:a@b", "file:///etc/passwd", "http://\u0111.vn/", "http://xn--/", "?" + "a=b&" * 2000, "/" + "a/" * 2000, "#", "\\",
    "phường ", "xã ", "TP. ", "Phường 1, Quận 1", "phường Bách Khoa, quận Hai Bà Trưng, Hà Nội", "UBND ", "KÝ THAY", "Nguồn: ",
    "Tin liên quan", "Tác giả:", "Lượt xem: ", "content:", "=cmd|' /C calc'!A0", "-1", "1e999", "NaN", "null", "[]", "{}", "\\ud800",
    "User-agent: *", "Disallow: /", "Disallow: /*" + "*a" * 200 + "$", "Crawl-delay: -1", "Crawl-delay: 1e400", "Crawl-delay: nan",
    "Allow: " + "/*" * 500, "Sitemap: ", "Request-rate: 1/0", "Visit-time: x",
)  # fmt: skip
_MARKUP = (
    "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0' encoding='x'?>", "<?php", "<!DOCTYPE html [",
    '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>', '<!ENTITY x SYSTEM "file:///etc/passwd">',
    "<script>", "</script>", "<style>", "<title>", "<textarea>", "<plaintext>", "<noscript>", "<template>", "<svg><p>", "<math>",
    "<frameset>", "<iframe src=a.pdf>", "<base href='//['>", "<base href=x:>", "<meta charset=utf-16>", "<meta charset=utf-7>",
    "<meta http-equiv=refresh content='0;url=?'>", "<meta property='article:published_time' content='2023-13-45T99:99'>",
    "<table>", "<tr><td>", "<table border=1><tr><th>", "<ul><li>", "<br>" * 2000, "<p>" * 3000, "<div>" * 3000, "<b>" * 3000,
    "<a href='a.pdf'>", "<a href='/tin/1.html'>" * 800, "<a href=a.doc>x</a>" * 800, "<img src='data:image/png;base64,AAAA'>",
    "<img srcset='" + "a.jpg 1x, " * 3000 + "'>", "<h1>" + "x" * 100_000, "<p title='" + "y" * 300_000 + "'>", "<p " + "a=b " * 3000 + ">",
    "<p " + " ".join(f"a{n}=1" for n in range(3000)) + ">", "&" * 3000, "&#0;", "&#x110000;", "&#xd800;", "&#xfffe;", "&#65534;",
    "&nbsp;" * 2000, "&amp;amp;lt;", "&bogus;", "<o:p>", "<st1:place>", "<a\x00b>", "<p style='display:none'>", "<pre>\n" * 500,
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":[[]]}</script>",
    "<script type='application/ld+json'>" + "[" * 3000 + "</script>", "<time datetime='2023-02-30'>", "<font size=+9>" * 1000,
    "<item>", "<entry>", "<link/>", "<loc>", "<sitemap><loc>", "<pubDate>", "<rss>", "<feed xmlns='x'>", "<urlset>",
)  # fmt: skip
_BYTES = (
    b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\x80" * 300, b"\x1f\x8b\x08",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\x00" * 20, b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"+ADw-",
    b"\x1b$B", b"\r\n\r\n", b"\r\n", b"\n\n", b"WARC/1.1\r\n", b"WARC/1.0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"0\r\n\r\n",
    b"\x00" * 5000, b"\xff" * 5000, bytes(range(256)),
)  # fmt: skip
NASTY: tuple[bytes, ...] = (*(text.encode("utf-8", "surrogatepass") for text in (*_TEXTS, *_MARKUP)), *_BYTES)
