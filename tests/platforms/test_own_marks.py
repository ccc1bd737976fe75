"""What names a site's platform is the site's own: makes that hide their names, and pages that speak of others."""

import pytest

from spiders.fingerprint import GENERIC, Seen, identify

LIFERAY_HEAD = """
<link class="lfr-css-file" data-senna-track="temporary" href="/o/cong-theme/css/main.css?t=17">
<script>Liferay.currentURL = '/';</script>
"""

OWN = {
    "WordPress without generator and REST": (
        "wordpress",
        """<link rel="stylesheet" href="https://phuongx.test/wp-content/themes/cong/style.css">
        <script src="/wp-includes/js/jquery/jquery.min.js"></script>""",
    ),
    "addresses in a script, with escaped slashes": (
        "wordpress",
        r"""<script>var site = {"css": "https:\/\/phuongx.test\/wp-content\/themes\/x\/",
        "js": "\/wp-includes\/js\/"}</script>""",
    ),
    "Liferay 7 by its head": ("liferay", LIFERAY_HEAD),
    "Liferay 7 with an asset publisher": (
        "liferay_asset_publisher",
        LIFERAY_HEAD + "<a href='/tin/-/asset_publisher/Ab3dEf6hIj9k/content/tin-1'>Tin</a>",
    ),
    "Hà Nội's Liferay in a new theme": (
        "hanoi_liferay62",
        """<link class="lfr-css-file" href="/html/x.css?b=6201"><script>Liferay.ThemeDisplay = {};</script>
        <div class="card"><a class="card-title" href="/tin/-/view_content/123456-tin-moi.html">Tin mới</a></div>""",
    ),
    "Drupal 10 without generator": (
        "drupal",
        """<script type="application/json" data-drupal-selector="drupal-settings-json">{}</script>
        <img src="/sites/default/files/2026-01/a.jpg">""",
    ),
    "Joomla 5 without generator": (
        "joomla",
        """<script type="application/json" class="joomla-script-options new">{}</script>
        <script src="/media/vendor/bootstrap/js/alert.min.js"></script>""",
    ),
    "NukeViet 5": ("nukeviet", '<meta content="NukeViet v5.0" name="Generator">'),
    "Evoq without generator": (
        "dotnetnuke",
        """<div id="dnn_ContentPane"><img src="/Portals/0/a.png"></div><script>var __dnnVariable = {}</script>""",
    ),
    "SharePoint without headers": (
        "sharepoint",
        """<meta name="GENERATOR" content="Microsoft SharePoint"><script>var _spPageContextInfo = {};</script>""",
    ),
}

OTHERS = {
    "links to other offices": """
        <a href="https://quan.test/tin/-/asset_publisher/Ab3dEf6hIj9k/content/tin-quan">Quận</a>
        <a href="https://so.test/-/view_content/12345-tin">Sở</a>
        <a href="//thi.test/webcenter/portal/thi">Thị xã</a>""",
    "links to other offices in the query of its own": """
        <a href="/ra?u=https://quan.test/-/asset_publisher/Ab3dEf6hIj9k/content/x">Quận</a>
        <a href="/ra?u=https%3A%2F%2Fso.test/webcenter/portal/so">Sở</a>
        <a href="https://phuongx.test/ra?den=https://so.test/-/view_content/12345-tin">Sở</a>""",
    "pictures, scripts and frames of others": r"""
        <img src="https://bao.test/wp-content/uploads/a.jpg"><script src="//bao.test/wp-includes/js/w.js"></script>
        <script>widget('https:\/\/bao.test\/wp-content\/plugins\/w', 'https://bao.test/wp-includes/js/w.js')</script>
        <iframe src="https://nhung.test/index.php?option=com_video&view=a"></iframe>
        <img srcset="/a.png 1x, https://bao.test/wp-includes/images/a.png 2x">""",
    "names in a text": """
        <p>So sánh: generator WordPress, Drupal.settings, option=com_content, /media/jui/js/, nv_base_siteurl,
        /wp-content/themes/ và /wp-includes/js/, id="dnn_ContentPane" và VHV.App</p>""",
    "names in sentences of attributes": """
        <meta name="description" content="var VHV, nv_base_siteurl"><img alt="Drupal.settings">
        <a title="/wp-includes/js/, AdfPage.x" href="/a">A</a>
        <meta property="og:title" content="generator: Joomla! 5">""",
    "articles as data": """
        <script type="application/ld+json">{"articleBody": "nv_base_siteurl, Drupal.settings"}</script>
        <script type="application/json">{"html": "<div id='dnn_x'>"}</script>""",
    "powered by": """
        <footer><a href="https://joomla.test/?option=com_content">Powered by Joomla!</a>
        <a href="https://nukeviet.test/">NukeViet</a></footer>""",
    "a picture left of an older site": '<img src="/wp-content/uploads/2019/01/a.jpg">',
    "pasted from a newspaper": """
        <div class="VCSortableInPreviewMode" data-role="sapo"><img src="https://a.mediacdn.test/1.jpg"></div>
        <a href="https://bao.test/tin-102260101101112233.htm">Báo</a>""",
}


@pytest.mark.parametrize("kind", OWN)
def test_a_make_shows_although_its_name_is_hidden(kind):
    platform, html = OWN[kind]
    assert identify([Seen.of("https://www.phuongx.test/", {}, html)])[0] == platform


@pytest.mark.parametrize("kind", OTHERS)
def test_what_a_page_says_of_others_names_nothing(kind):
    name, matches = identify([Seen.of("https://phuongx.test/", {}, f"<body>{OTHERS[kind]}</body>")])
    assert name == GENERIC and sum(match.score for match in matches) <= 4, matches


def test_the_evidence_of_a_page_with_links_to_others_is_its_own():
    html = LIFERAY_HEAD + OTHERS["links to other offices"]
    name, matches = identify([Seen.of("https://phuongx.test/", {}, html)])
    assert name == "liferay" and [match.platform for match in matches] == ["liferay"]
