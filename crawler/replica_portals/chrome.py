"""The frame round the news: style sheets, calendars and what all portals share."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from datetime import date, timedelta

_BASE = """@import "icons.css";
body{margin:0;font:14px/1.5 Arial,Helvetica,sans-serif;color:#222;background:#e9eef3}
a{color:#0b4c8c;text-decoration:none}a:hover{text-decoration:underline;color:#c00}img{max-width:100%}
#skip-to-content{position:absolute;left:-9999px}h1,h2,h3{margin:.3em 0}
#header,.banner{background:linear-gradient(#c8102e,#8f0c20);color:#ffe27a;padding:22px 28px;font-size:22px;
font-weight:bold;text-transform:uppercase;text-shadow:0 1px 2px #400}
#header a,.banner a{color:#fff;font-size:12px;margin-right:10px}#header small{display:block;font-size:13px;color:#fff}
.navi,.menu{list-style:none;margin:0;padding:0 12px;background:#0b4c8c;display:flex;flex-wrap:wrap}
.navi>li,.menu>li{position:relative}.navi>li>a,.menu>li>a{display:block;color:#fff;padding:9px 13px;font-weight:bold;font-size:13px}
.navi>li:hover,.menu>li:hover{background:#c8102e}.child-menu{display:none;position:absolute;background:#0b4c8c;margin:0;
padding:4px 0;list-style:none;min-width:230px;z-index:5}.child-menu a{color:#fff;display:block;padding:5px 13px}
li:hover>.child-menu{display:block}.nav-search{padding:4px 14px;background:#dfe7ef}
.row-fluid,.columns{display:flex;gap:18px;max-width:1080px;margin:14px auto;padding:0 12px}
.span9,.main-col{flex:3;background:#fff;border:1px solid #cdd7e0;padding:14px;min-width:0}.span3,.side-col{flex:1;min-width:220px}
.dd_chuyenmuc,.breadcrumb{border-bottom:2px solid #c8102e;margin-bottom:12px;padding-bottom:4px;font-weight:bold;color:#c8102e}
.dd_chuyenmuc p{display:inline;margin:0 0 0 8px}.portlet-title,.box-title{font-size:14px;background:#0b4c8c;color:#fff;margin:0;
padding:7px 10px;text-transform:uppercase}.span3 .portlet,.side-col .box{background:#fff;border:1px solid #cdd7e0;margin-bottom:14px}
.span3 .portlet-body,.side-col .box-body{padding:8px 12px}.span3 ul{padding-left:18px;margin:0}
.asset-bounddary,.asset-abstract,.news-item{overflow:hidden}.asset-bounddary,.news-row{border-bottom:1px dotted #b8c4cf;padding:10px 0}
.asset-image{float:left;width:150px;margin-right:12px}.asset-title{font-size:15px}.block_timer,.date-line,.date_content_asset{color:#777;font-size:12px}
.asset-full-content-title,.news-title,.tandan-p-article-news-title{font-size:21px;font-weight:bold;color:#0b4c8c}
.sapo,.tandan-p-article-news-summary{font-weight:bold}.view-content-author{color:#555}
.asset-control-detail{border-top:1px solid #ddd;padding:6px 0;font-size:12px}.related_asset_title{font-weight:bold;color:#c8102e}
.pager,.paging{list-style:none;display:flex;gap:12px;padding:0}.pager li{white-space:nowrap}.pager .disabled a{color:#aaa}.focus-news{overflow:hidden;margin-bottom:14px}
.focus-news img{float:left;width:300px;margin-right:14px}.focus-news a{font-size:17px;font-weight:bold}.lfr-menu-list{display:none}
.footer-wrapper,.footer{background:#0b3a66;color:#dce8f4;padding:14px 28px;font-size:12px}.footer-wrapper a,.footer a{color:#fff}
.portlet-body>.asset-abstract{border-bottom:1px dotted #b8c4cf;padding:10px 0}.box_tp,.span9 .portlet{border:1px solid #cdd7e0;
margin-bottom:14px;padding:0 0 8px}.box_tp h2,.box_tp ul{padding:0 12px;font-size:14px}.box_tp li,.span9 .portlet li{margin-left:14px}
.nf3-container{background:#fff7d6;border:1px solid #e6d48a;padding:4px 12px;margin-bottom:12px}
#header,.banner{background-image:url("../images/banner.png"),linear-gradient(#c8102e,#8f0c20);background-repeat:no-repeat,repeat;
background-position:right center,0 0;background-size:auto 100%,auto}.text-size{float:right;color:#555;font-size:12px}
table.MsoTableGrid td,table.MsoTableGrid th{border:1px solid #888;padding:3px 7px}.calendar td{padding:3px 6px;text-align:center}
"""
CSS = {
    "hanoi": _BASE,
    "asset_publisher": _BASE.replace("#c8102e,#8f0c20", "#1a7f4b,#0c4d2b").replace(
        "#0b4c8c;display", "#0f5f38;display"
    ),
    "badinh": _BASE.replace("#c8102e,#8f0c20", "#b3541e,#7a3410"),
    "hatinh": _BASE.replace("#c8102e,#8f0c20", "#1d6fb8,#0d3f70"),
}

ICONS = """
@font-face{font-family:ward-icons;src:url("../fonts/icons.eot");src:url("../fonts/icons.eot?#iefix") format("embedded-opentype"),
url("../fonts/icons.woff") format("woff")}
.breadcrumb:before,.dd_chuyenmuc:before{font-family:ward-icons;font-weight:normal;content:"\\e001";margin-right:8px}
.span3 .portlet-title:before,.side-col .box-title:before{font-family:ward-icons;font-weight:normal;content:"\\e002";font-size:10px;
margin-right:6px}.block_timer:before,.date-line:before{font-family:ward-icons;content:"\\e003";margin-right:5px}
"""
SCRIPT = """
document.addEventListener("DOMContentLoaded", function () {
    var bar = document.createElement("p");
    bar.className = "text-size";
    bar.appendChild(document.createTextNode("Cỡ chữ: A- A A+"));
    var place = document.querySelector(".nav-search, .breadcrumb");
    if (place) place.insertBefore(bar, place.firstChild);
});
"""

# Hosts that are somebody else's: a crawler has no business there.
FOREIGN = (
    ("http://www.mattran.org.vn/", "Mặt trận Tổ quốc Việt Nam"),
    ("http://chinhphu.vn/portal/page/portal/chinhphu/trangchu", "Cổng thông tin điện tử Chính phủ"),
    ("https://dichvucong.gov.vn/", "Cổng Dịch vụ công Quốc gia"),
    ("http://congthuonghn.gov.vn:8080/web/guest/homepage", "Sở Công Thương"),
)


def calendar(address: str, day: str) -> str:
    """A month's table whose days and neighbours link to `address?day=…`, without end in both directions."""
    today = date.fromisoformat(day)
    first = today.replace(day=1)
    before, after = first - timedelta(days=1), first + timedelta(days=32)
    cells = [first + timedelta(days=n) for n in range(31)]
    links = [f'<td><a href="{address}?day={d}">{d.day}</a></td>' for d in cells if d.month == first.month]
    weeks = "".join(f"<tr>{''.join(links[i : i + 7])}</tr>" for i in range(0, len(links), 7))
    return (
        f'<table class="calendar"><caption><a href="{address}?day={before}">&laquo;</a> Tháng {today.month}/{today.year} '
        f'<a href="{address}?day={after}">&raquo;</a></caption>{weeks}</table>'
    )


def visitors(seed: int, now: str = "Đang truy cập", total: str = "Tổng") -> str:
    """The visitor counter of a side box."""
    return (
        '<div class="visitor-tracking-wraper"> '
        f"<p>{now}: <span>{7 + seed % 60}</span></p> <p>{total}: <span>{4_798_809 + seed:,}</span></p> </div>".replace(
            ",", "."
        )
    )
