"""Why a host is no portal of a ward or commune, or has to be looked at: words with their sentences. Pure."""

from crawler.text.worded import Worded, sentence_of

PASSING = r"timeout|connection|refused|truncated|too_slow|proxy|robots_\w+|http_(?:429|5\d\d)"
"""Words, as a pattern, for why a page did not come that may be over tomorrow."""


class Why(Worded):
    """A sentence is the end of one that begins with the host. What kept a page from coming is a word of
    `crawler.reasons` (dns, timeout, robots_forbidden, http_403), what the name service said one of `AnswerKind`."""

    # What answers is no portal
    SAME_AS_ANY = (
        "same_as_any", "its server gives any host the same page", "máy chủ trả cùng một trang cho mọi tên",
    )  # fmt: skip
    WILDCARD = "wildcard", "its name service has an address for any name", "tên nào dưới tên miền này cũng có địa chỉ"
    BETTING = "betting", "it is, or carries, pages of betting", "là trang cá cược, hoặc bị chèn trang cá cược"
    PARKED = "parked", "its name is for sale or parked", "tên miền đang rao bán hoặc bỏ không"
    DEFAULT_PAGE = "default_page", "it shows the default page of a server", "chỉ có trang mặc định của máy chủ"
    SUSPENDED = "suspended", "its hosting has been suspended", "đã bị tạm ngưng dịch vụ"
    UNDER_CONSTRUCTION = "under_construction", "it is being built or maintained", "đang xây dựng hoặc bảo trì"
    NO_OFFICE = "no_office", "its page has no words of an office", "không có lời lẽ của cơ quan nhà nước"
    # A portal of somebody else
    OTHER_OWNER = "other_owner", "it is another body's: a school, a hospital, a firm", "của cơ quan, đơn vị khác"
    HIGHER_LEVEL = "higher_level", "it is a district's or province's", "của cấp huyện hoặc cấp tỉnh"
    MANY_UNITS = "many_units", "it holds pages of many units", "chứa trang của nhiều xã, phường"
    OTHER_AREA = (
        "other_area",
        "its page and its name are of different units",
        "tên máy chủ và trang nói hai nơi khác nhau",
    )
    # Somebody has to look
    SEVERAL_UNITS = "several_units", "its page names several units as its own", "trang nhận là của nhiều đơn vị"
    HOMONYM = (
        "homonym",
        "several units have this name, and nothing tells which is meant",
        "trùng tên, chưa rõ là đơn vị nào",
    )
    OWNER_NOT_NAMED = "owner_not_named", "its page does not say whose it is", "trang không ghi là của ai"
    UNKNOWN_UNIT = "unknown_unit", "it names a unit that is in no table", "nêu đơn vị không có trong danh mục"
    AREA_NOT_NAMED = "area_not_named", "its page names no district or province", "trang không ghi huyện, tỉnh nào"
    NOT_GOV_VN = "not_gov_vn", "its name does not end in .gov.vn", "tên miền không phải .gov.vn"
    NO_DATES = "no_dates", "its page shows no date of news", "trang không có ngày của tin nào"
    CONTRADICTS = "contradicts", "its page contradicts itself", "trang tự mâu thuẫn"


_KNOWN = {str(why): why for why in Why}


def sentence(word: str, language: str = "en") -> str:
    """Return what a word means in `language` (en, vi), words of `crawler.reasons` included."""
    if word in _KNOWN:
        return sentence_of(_KNOWN, word, language)
    from crawler import reasons

    return reasons.sentence(word, language)
