"""The everyday short forms of ward news, and what they stand for: a query for one form also finds the others.

The table is data. Each line has the forms of one thing, which all find each other. Its words are matched like those of
a query: with diacritics as written, without them any; capitals, hyphens and commas make no difference.

Left out is what people read in more than one way, since it would bring results that nobody asked for: TT (thị trấn,
trung tâm, trật tự, thông tư, thông tin), P (phường, phòng, phó), TP (thành phố, thực phẩm, tư pháp), TH (tiểu học, tổng
hợp, Thanh Hóa) and MN (mầm non, miền núi) without "trường" before them, KP (khu phố, kinh phí), KH (kế hoạch, khoa học,
khách hàng), HS (học sinh, hồ sơ), CA (công an, ca), QĐ (quyết định, quân đội), DN (doanh nghiệp, Đà Nẵng), XH (xã hội,
and the end of KT-XH), TTĐT (thông tin điện tử, trật tự đô thị), TNXH (tệ nạn, trách nhiệm xã hội), VHTT (văn hóa thông
tin, văn hóa thể thao), PCTT (phòng chống thiên tai, tham nhũng). BCH (ban chấp hành, ban chỉ huy) finds both, and is
found only where a word behind it tells which is meant.
"""

FORMS: tuple[tuple[str, ...], ...] = (
    # Those who govern
    ("UBND", "ủy ban nhân dân"),
    ("HĐND", "hội đồng nhân dân"),
    ("UBMTTQ", "ủy ban MTTQ", "ủy ban mặt trận tổ quốc"),
    ("MTTQ", "mặt trận tổ quốc"),
    ("BCH Đảng bộ", "ban chấp hành Đảng bộ"),
    ("BCH Đoàn", "ban chấp hành Đoàn"),
    ("BCH Hội", "ban chấp hành Hội"),
    ("BCHQS", "ban CHQS", "BCH quân sự", "ban chỉ huy quân sự"),
    ("CHQS", "chỉ huy quân sự"),
    ("BCĐ", "ban chỉ đạo"),
    ("TDP", "tổ dân phố"),
    ("KDC", "khu dân cư"),
    ("CBCC", "cán bộ, công chức"),
    ("CBCCVC", "cán bộ, công chức, viên chức"),
    # Associations
    ("ĐTN", "đoàn thanh niên"),
    ("ĐVTN", "đoàn viên, thanh niên"),
    ("TNCS", "thanh niên cộng sản"),
    ("HLHPN", "hội LHPN", "hội liên hiệp phụ nữ"),
    ("LHPN", "liên hiệp phụ nữ"),
    ("HND", "hội nông dân"),
    ("HCCB", "hội CCB", "hội cựu chiến binh"),
    ("CCB", "cựu chiến binh"),
    ("NCT", "người cao tuổi"),
    ("CLB", "câu lạc bộ"),
    # Order and safety
    ("ANTT", "an ninh trật tự"),
    ("TTATXH", "trật tự an toàn xã hội"),
    ("ATGT", "an toàn giao thông"),
    ("CSGT", "cảnh sát giao thông"),
    ("PCCC", "phòng cháy chữa cháy", "phòng cháy và chữa cháy"),
    ("CNCH", "cứu nạn cứu hộ"),
    ("DQTV", "dân quân tự vệ"),
    ("NVQS", "nghĩa vụ quân sự"),
    ("QPAN", "QP-AN", "quốc phòng - an ninh", "quốc phòng và an ninh"),
    ("ATTP", "an toàn thực phẩm"),
    ("VSATTP", "ATVSTP", "vệ sinh an toàn thực phẩm", "an toàn vệ sinh thực phẩm"),
    ("VSMT", "vệ sinh môi trường"),
    # Services, land, economy
    ("CCHC", "cải cách hành chính"),
    ("TTHC", "thủ tục hành chính"),
    ("DVC", "dịch vụ công"),
    ("DVCTT", "DVC trực tuyến", "dịch vụ công trực tuyến"),
    ("BHXH", "bảo hiểm xã hội"),
    ("BHYT", "bảo hiểm y tế"),
    ("GPMB", "giải phóng mặt bằng"),
    ("QSDĐ", "quyền sử dụng đất"),
    ("GCNQSDĐ", "GCN QSDĐ", "giấy chứng nhận quyền sử dụng đất"),
    ("KTXH", "KT-XH", "kinh tế - xã hội"),
    ("NTM", "nông thôn mới"),
    # Schools, culture
    ("THCS", "trung học cơ sở"),
    ("THPT", "trung học phổ thông"),
    ("trường TH", "trường tiểu học"),
    ("trường MN", "trường mầm non"),
    ("VHVN", "văn hóa, văn nghệ"),
    ("TDTT", "thể dục, thể thao"),
)
ONE_WAY: dict[str, tuple[str, ...]] = {"BCH": ("ban chấp hành", "ban chỉ huy")}  # these do not find the short form
