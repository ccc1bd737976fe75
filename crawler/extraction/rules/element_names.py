"""What the names of elements say: chrome, body, sapo, date or author.

The generic path knows no platform, but portals of one country share their vocabulary. Names are compared token by token
with `-` and `_` taken out, so that `news-content`, `newsContent` and `news_content` are one name.
"""

import re

from crawler.extraction.rules import words

CHROME, BODY, SUMMARY, DATE, AUTHOR, TITLE = 1, 2, 4, 8, 16, 32

_SPLIT = re.compile(r"[\s]+")
_SQUASH = re.compile(r"[-_:.]+")

# Cures: menus, side boxes, counters, ratings, share bars, related lists and comment forms around the text. Matched at
# the start or end of a name, as makers put their own prefix before it.
_CHROME = re.compile(
    r"(?:^|[-_])(?:nav|navbar|navigation|menu|menubar|breadcrumbs?|crumbs?|sidebar|footer|foot|topbar|banner"
    r"|related\w*"
    r"|comments?|commentlist|respond|shares?|sharing|sharethis|addthis\w*|social\w*|ratings?|rateit|votes?|voting"
    r"|pagination|pager|paging|paginator|search\w*|login|signin|popup|modal|cookies?|advert\w*|ads|adv"
    r"|quangcao|weather|thoitiet"
    r"|visitor\w*|visitors|thongke|counter|hitcounter|truycap|language|lang|languages|toolbar|toolbox|tools?"
    r"|print|hotnews"
    r"|weblinks?|lienket|lienquan|binhluan|danhgia|tinkhac|tinlienquan|tincungloai|widget|widgets|marquee"
    r"|tagcloud|skip|sitemap"
    r"|cungchuyenmuc|tinmoi|docnhieu|xemnhieu|tinnong|othernews|newsother|morenews|moreposts|nextprev|prevnext"
    r"|postnavigation)"
    r"(?:$|[-_]|\d)",
    re.IGNORECASE,
)
_CHROME_SQUASHED = re.compile(
    r"(?:relatednews|relatedposts?|relatedarticles?|relatedasset|othernews|newsother|articleother|tinlienquan|tinkhac"
    r"|cungchuyenmuc|uisocialshare|sharebox|blockshare|networkshare|socialconnect|sidebar|leftcolumn"
    r"|rightcolumn|colleft|colright"
    r"|leftcol|rightcol|breadcrumb|mainmenu|topmenu|leftmenu|rightmenu|menuleft|menuright|menutop|navmenu"
    r"|footerwrapper|footercontent|thongketruycap|visitortracking\w*|assetcontroldetail"
    r"|cookienotice|commentform|commentsarea|binhluan|danhgia\w*|bottombanner|headerbanner|weblink"
    r"|lienketweb\w*|xemnhieu|docnhieu|tinmoinhat|tinxemnhieu|boxright|boxleft)"
)
_BODY = words(
    """
    journalcontentarticle msrtestatefield newsbodyhtml bodytext articlecontent articlecontents detailcontent
    contentdetail contentsdetail articlebody articlemaincontent entrycontent postcontent postbody storybody
    tdpostcontent afcbcbody chitietbaiviet divarticlecontent tandanparticlemain tandanparticlenewscontent
    newscontent contentnews noidung noidungtin noidungbaiviet newsdetailcontent articletext cmscontents
    fckdetail thecontent fieldnamebody fieldnodebody contentbody newsbody bodynews detailbody bodydetail
    contentarticle articledetailcontent contentbaiviet baivietcontent ndtin noidungchitiet divnoidung
    newscontentdetail entrybody assetfullcontent
    """
)
_SUMMARY = words(
    """
    sapo sapodetail detailsapo newssapo articlesapo summary articlesummary newssummary lead detaillead
    articlelead newslead leaddetail hometext brief newsdes newsdesc chapeau trichyeu tomtat assetsummary
    entrysummary postexcerpt shortdesc shortdescription detailcontentlead tandanparticlenewssummary
    divarticledescription sapodetailid articledescription detaildescription detailsummary newsdescription
    ptomtat motangan desc documentdescription gharticleexcerpt pagesummary
    """
)
_DATE = words(
    """
    date postdate publishdate pubdate datetime newsdate newstime articledate detailtime detaildate ngaydang
    entrydate posttime timedetail dateline assetpublishdate datepublish datepublished publisheddate published
    publishtime articletime tandanspandatepublish createdate createddate datecreate ngaydangtin thoigian
    timenews datearticle postdatearticle updatetime
    """
)
_AUTHOR = words(
    """
    author byline tacgia authorname newsauthor articleauthor detailauthor viewcontentauthor tacgianews authortin
    postauthor entryauthor nguoiviet
    """
)
_TITLE = words(
    """
    title articletitle detailtitle titledetail newstitle titlenews entrytitle posttitle assettitle headertitle
    headline tieude articleheader tieudetin tieudebaiviet newsheader assetfullcontenttitle contenttitle
    titlecontent pagetitle titlenewsdetail titlearticle
    """
)
# Makers put their own prefix before it: documentAuthor, news-list-author, gh-article-author-name.
_AUTHOR_NAME = re.compile(r"(?:[-_](?:author|byline|tac-?gia)|[a-z](?:Author|Byline))(?:[-_]{0,2}[Nn]ame)?$")
_cache: dict[str, int] = {}


def named(names: str) -> int:
    """Return the flags that a class or id attribute earns, 0 for an unknown name. Answers are kept (bounded)."""
    known = _cache.get(names)
    if known is None:
        if len(_cache) > 4096:
            _cache.clear()
        known = _cache[names] = _named(names)
    return known


def _named(names: str) -> int:
    flags = 0
    for raw in _SPLIT.split(names[:400].strip()):
        name = _SQUASH.sub("", raw).lower()
        if name in _BODY:
            flags |= BODY
        elif name in _SUMMARY:
            flags |= SUMMARY
        elif name in _DATE:
            flags |= DATE
        elif name in _AUTHOR:
            flags |= AUTHOR
        elif name in _TITLE:
            flags |= TITLE
        elif _AUTHOR_NAME.search(raw):
            flags |= AUTHOR
        elif _CHROME.search(raw) or _CHROME_SQUASHED.search(name):
            flags |= CHROME
    return flags if not flags & (BODY | SUMMARY | DATE | TITLE | AUTHOR) else flags & ~CHROME
