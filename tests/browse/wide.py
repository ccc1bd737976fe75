"""A collection whose texts are as wide as a portal's may be: unbroken words, long addresses and names, tables of many
columns, near duplicates with long titles, names of files without a space."""

from crawler.replica_portals.special import picture
from storage import Collection
from storage.near.pairs import link_waiting
from tests.browse.planted import keep_picture, record

SITE, OTHER = "hanoi_xuanphuong", "thainguyen_phandinhphung"
NAMES = {
    SITE: "Ủy ban nhân dân phường Xuân Phương, quận Nam Từ Liêm, thành phố Hà Nội",
    OTHER: "Trang thông tin điện tử phường Phan Đình Phùng, thành phố Thái Nguyên",
}
SEEN = "2024-05-01T02:00:00+00:00"
WORD = "QUYETDINHSO" + "1234567890" * 14 + "QDUBND"
ADDRESS = "https://cong-thong-tin.example.vn/-/asset_publisher/" + "Qm4TzLw8RkPx" * 14 + "?p_p_id=" + "x" * 120
TITLE = "Phường Xuân Phương triển khai kế hoạch tổng vệ sinh môi trường và trồng cây xanh ở mười hai tổ dân phố"
STORY = "\n\n".join(
    f"Sáng {day}/4, bà con tổ dân phố số {day} cùng quét dọn ngõ {day + 20}, trồng thêm {day * 3} cây bằng lăng dọc "
    f"con mương và sơn lại {day + 4} bức tường cũ; bữa cơm chung có canh cua, cà pháo và chuyện cũ của tổ."
    for day in range(1, 13)
)
COLUMNS = 14
ROWS = [
    [f"Cột thứ {number}" for number in range(COLUMNS)],
    ["---"] * COLUMNS,
    *([f"{row}.{number:03}.000 đồng" for number in range(COLUMNS)] for row in range(3)),
]
TABLE = "\n".join(f"| {' | '.join(cells)} |" for cells in ROWS)
MARKDOWN = (
    f"{STORY}\n\n## {WORD}\n\n{WORD} và [{ADDRESS}]({ADDRESS})\n\n{TABLE}\n\n    {WORD} {WORD}\n\n> {WORD}\n\n"
    f"- {ADDRESS}\n\n| {WORD} | {ADDRESS} |\n| --- | --- |\n| a | {WORD} |\n\n`{WORD}`\n\n"
    f"![{WORD}]({{picture}})\n*{WORD}*\n\n![Ảnh không giữ]({ADDRESS}.jpg)"
)


def plant(path):
    """Fill a new database at `path`; the articles `wide`, `near`, `copy`, `gone`, `short` of SITE, `told` of OTHER."""
    with Collection(path) as collection:
        for slug, name in NAMES.items():
            collection.put_site(
                {"slug": slug, "name": name, "host": f"{slug.replace('_', '-')}.{'ten-mien-rat-dai.' * 4}gov.vn",
                 "platform": "p", "unit_old": "00622", "unit_new": "00622", "updated_at": SEEN}
            )  # fmt: skip
        run = collection.begin_run(SITE, mode="live", started_at=SEEN, software="tinphuong 0")
        for body in (STORY, f"{STORY}\n\n{WORD}"):
            collection.save(_wide(body), run)
        collection.save(record(SITE, "near", TITLE, body=STORY, markdown=STORY, published_at="2024-04-29"), run)
        retold = STORY.replace("canh cua", "canh rau")
        collection.save(record(OTHER, "told", TITLE.upper(), body=retold, published_at="2024-04-30"), run)
        collection.save(record(OTHER, "word", WORD, body=f"Văn bản {ADDRESS}", section=WORD, source=WORD), run)
        collection.save(record(SITE, "gone", "Bài đã gỡ", body="Bài này đã gỡ.", published_at="2023"), run)
        gone = next(iter(collection.rows("SELECT id FROM articles WHERE key = 'gone'")))["id"]
        collection.change_article(gone, {"removed_at": "2024-05-05T00:00:00+00:00"})
        for number in range(30):  # so that there are more pages of results than one
            title = f"Tin số {number} của phường về lịch tiếp dân"
            day = f"20{10 + number % 14}-0{number % 9 + 1}-11"
            collection.save(record(SITE, f"n{number}", title, body="Lịch tiếp dân.", published_at=day), run)
        keep_picture(collection, run, SITE, f"{ADDRESS}.png", picture("sach").body)
        for reason in ("http_404", "redirected_away"):
            collection.add_skipped(run, SITE, f"{ADDRESS}/{reason}", reason, WORD, SEEN)
        collection.finish_run(
            run, finished_at="2024-05-01T02:05:00+00:00", status="ok", reason=None, message="",
            counts={"new": 12_345, "pages": 123_456, "requests": 1_234_567, "bytes": 12_345_678_901},
            skipped={"http_404": 1, "redirected_away": 1},
        )  # fmt: skip
        link_waiting(collection, at=SEEN)


def _wide(body):
    markdown = MARKDOWN.replace("{picture}", f"{ADDRESS}.png")
    return record(
        SITE, "wide", f"{TITLE} {WORD}", summary=f"{WORD} {ADDRESS}", body=body,
        markdown=f"{markdown}\n\n{body[-150:]}", author=WORD, source=ADDRESS,
        section=f"Thông báo {WORD}", published_at="2024-04-28T15:07+07:00", url=ADDRESS,
        attachments=[{"url": ADDRESS, "name": f"{WORD}.pdf", "type": "pdf"}],
        images=[
            {"url": f"{ADDRESS}.png", "caption": WORD}, {"url": f"{ADDRESS}.jpg", "caption": ""},
            {"url": f"{ADDRESS}-2.jpg", "caption": WORD},
        ],
        seen_urls=[f"{ADDRESS}&lan=2"],
        doubts=[{"field": name, "kind": "weekday", "evidence": f"{WORD} {ADDRESS}"} for name in ("title", "body")],
    )  # fmt: skip
