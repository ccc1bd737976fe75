"""The words of the pages about portals, in both languages: part of `crawler.browse.languages`."""

TEXTS: dict[str, tuple[str, str]] = {
    "portals": ("Cổng thông tin", "Portals"),
    "portals_title": ("Cổng thông tin cả nước", "Portals of the whole country"),
    "portals_lead": ("Kho này nắm được bao nhiêu phần của cả nước: mỗi tỉnh có bao nhiêu phường, xã đã biết cổng, đã "
                     "thu thập, đang tốt.",
                     "How much of the country this collection holds: by province, how many wards and communes have a "
                     "portal that is known, are crawled, are healthy."),
    "portals_known_of": ("Đã biết cổng thông tin của {known} trong {units:phường, xã và đặc khu} ({share}).",
                         "A portal is known of {known} of {units:ward or commune|wards and communes} ({share})."),
    "portals_held_of": ("Đã thu thập {crawled}; {healthy} đang tốt; chưa biết cổng nào của {unknown}.",
                        "{crawled} are crawled; {healthy} are healthy; no portal is known of {unknown}."),
    "portals_by_province": ("Xem từng tỉnh, thành phố", "See every province"),
    "portals_crawled": ("Đã thu thập", "Crawled"),
    "portals_waiting": ("Đã biết cổng, chưa thu thập", "Portal known, not crawled"),
    "portals_unknown": ("Chưa biết cổng nào", "No portal known"),
    "portals_province": ("Tỉnh, thành phố", "Province"),
    "portals_units": ("Phường, xã", "Units"),
    "portals_units_long": ("Phường, xã, đặc khu từ 7/2025", "Units since July 2025"),
    "portals_known": ("Có cổng", "With a portal"),
    "portals_articles": ("Bài", "Articles"),
    "portals_old": ("Trước 7/2025", "Before July 2025"),
    "portals_old_short": ("{known}/{units} có cổng, {crawled} đã thu thập",
                          "{known} of {units} with a portal, {crawled} crawled"),
    "portals_higher": ("Cổng cấp trên", "Higher levels"),
    "portals_higher_short": ("{districts} huyện, {provinces} tỉnh",
                             "{districts} of districts, {provinces} of the province"),
    "portals_ill": ("Cần xem", "To look at"),
    "portals_caption": ("34 tỉnh, thành phố và đơn vị cấp xã từ 7/2025",
                        "The 34 provinces and their units since July 2025"),
    "portals_caption_before": ("63 tỉnh, thành phố và đơn vị cấp xã trước 7/2025",
                               "The 63 provinces and their units before July 2025"),
    "portals_country": ("Cả nước", "The whole country"),
    "portals_elsewhere": ("Không rõ tỉnh", "Province not known"),
    "portals_63": ("Các tỉnh trước 7/2025", "The provinces before July 2025"),
    "portals_into": ("Nay thuộc", "Now in"),
    "portals_means": ("Các con số này là gì", "What these figures are"),
    "portals_means_known": (
        "đã biết ít nhất một địa chỉ của chính đơn vị, hoặc của một đơn vị trước 7/2025 đã nhập toàn bộ hay một phần "
        "vào đó. Địa chỉ lấy từ danh bạ kèm theo chương trình và từ các cổng đã đăng ký hoặc có trong kho; có thể nó "
        "không còn mở được. {own} đơn vị có địa chỉ của chính mình; {in_part} chỉ có qua đơn vị nhập vào một phần.",
        "at least one host is known that is the unit's own, or that of a unit before July 2025 that went into it, in "
        "whole or in part. Hosts are those of the directory that comes with the program, and those of sites that are "
        "registered or in this collection; a host may no longer answer. {own:unit has|units have} one of their own; "
        "{in_part:has|have} one only through a unit of which a part went into them.",
    ),
    "portals_means_crawled": ("kho có ít nhất một bài của một cổng như thế.",
                              "this collection has at least one article of such a portal."),
    "portals_means_states": (
        "tình trạng của cổng khá nhất của đơn vị, theo lịch sử thu thập của chính cổng đó. Cổng chưa được thu thập lần "
        "nào thì không tính vào đây; cổng bị lỗi có thể chưa có bài nào.",
        "the state of the unit's portal that does best, from the history of its own runs. A portal that was never "
        "crawled is in none of them; one that is failing may have no article yet.",
    ),
    "portals_means_articles": (
        "tất cả bài trong kho của các cổng thuộc tỉnh: phường, xã, huyện, tỉnh và cơ quan.",
        "all articles in this collection of the province's portals: of wards, communes, districts, the province and "
        "offices.",
    ),
    "portals_means_old": (
        "đơn vị cấp xã đến ngày 30/6/2025 của các tỉnh nay thuộc tỉnh này; có cổng và đã thu thập được tính theo cổng "
        "của chính đơn vị đó.",
        "units as of 30 June 2025 of the provinces that went into this one, counted by hosts of their own.",
    ),
    "portals_means_higher": (
        "địa chỉ đã biết của huyện, quận, thị xã, thành phố cũ và của tỉnh; không tính vào phường, xã. Ngoài ra có "
        "{unplaced:cổng} của phường, xã mà chưa rõ là đơn vị nào, và {other:cổng} của cơ quan khác.",
        "known hosts of former districts and of provinces, which count for no ward or commune. Besides, there are "
        "{unplaced:host|hosts} of wards and communes of which it is not known which, and {other:host|hosts} of other "
        "offices.",
    ),
    "portals_directory": ("Danh bạ", "The directory"),
    "portals_means_directory": (
        "{hosts:địa chỉ} đã thấy ở đâu đó, không địa chỉ nào do đoán. {dated:địa chỉ} có ngày chứng nhận, từ {first} "
        "đến {last}: {before} trước tháng 7/2025; {undated:địa chỉ} không có ngày. Chỉ {since_2025:địa chỉ} chắc chắn "
        "là của đơn vị hiện nay. Vì vậy hầu hết là hiểu biết từ trước khi sáp nhập.",
        "{hosts:host|hosts} that were each seen somewhere, none guessed. {dated:host has|hosts have} a day of "
        "certification, from {first} to {last}: {before} before July 2025; {undated:host has|hosts have} none. Only "
        "{since_2025:host is|hosts are} surely of a unit of today. So nearly all of it is knowledge from before the "
        "mergers.",
    ),
    "portals_of": ("Cổng thông tin: {province}", "Portals: {province}"),
    "portals_former": ("Gồm các tỉnh trước 7/2025: {names}", "Provinces before July 2025: {names}"),
    "portals_unit": ("Đơn vị", "Unit"), "portals_host": ("Cổng thông tin", "Portal"),
    "portals_seen": ("Biết từ đâu", "How it is known"), "portals_here": ("Trong kho này", "In this collection"),
    "portals_before_of": ("{count:đơn vị} trước 7/2025, {known} có cổng",
                          "{count:unit|units} before July 2025, {known} with a portal"),
    "portals_nav": ("Cả nước", "Portals"),
    "portals_behind": ("Sau mỗi thanh: đã biết cổng/tất cả · đã thu thập.",
                       "Behind each bar: portal known of all · crawled."),
    "portals_unit_of": ("Đơn vị hành chính của cổng này", "The unit of this portal"),
    "portals_no_unit": ("Không rõ cổng này là của đơn vị nào.", "It is not known of which unit this portal is."),
    "portals_part": ("một phần", "in part"),
    "portals_not_known": ("Chưa biết cổng: {names}", "No portal known: {names}"),
    "portals_through": ("Chưa biết cổng riêng", "None of its own is known"),
    "portals_own": ("của đơn vị từ 7/2025", "of the unit since July 2025"),
    "portals_certified": ("chứng nhận {day}", "certified {day}"),
    "portals_registered": ("đã đăng ký, chưa thu thập", "registered, not crawled yet"),
    "portals_no_site": ("Chưa thu thập", "Not crawled"),
    "portals_others": ("Cổng khác trong tỉnh", "Other portals of the province"),
    "portals_others_text": ("Cổng của huyện, của tỉnh, của cơ quan, và của phường, xã mà chưa rõ là đơn vị nào.",
                            "Those of districts, of the province, of offices, and of wards and communes of which it is "
                            "not known which."),
    "portals_level": ("Cấp", "Level"),
    "level_unplaced": ("phường, xã chưa rõ", "ward or commune, not known which"),
    "level_district": ("huyện", "district"), "level_province": ("tỉnh", "province"),
    "level_other": ("cơ quan", "office"),
    "source_register": ("sổ đăng ký cổng được chứng nhận", "the state's register of certified sites"),
    "source_certificates": ("nhật ký chứng thư số", "certificate logs"),
    "source_menus": ("liên kết trên cổng khác", "links of other portals"),
    "source_pages": ("địa chỉ của trang đã thấy", "addresses of public pages"),
    "source_site": ("đã đăng ký", "registered"),
}  # fmt: skip
