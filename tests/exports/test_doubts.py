"""What readers of a bag and of the offline site are told of doubts and of what people confirmed."""

from storage import Collection
from storage.doubts.confirm import confirm, corrected
from tests.exports.handing import hand_on
from tests.storage import doubted


def test_a_bag_counts_its_doubts_and_what_people_confirmed(tmp_path):
    db = doubted.keep(tmp_path / "tin.db")
    with Collection(db) as collection:
        confirm(collection, collection.article(2), {}, by="lan", at="2026-11-22T09:30:00+00:00")
    hand_on(db, "bagit", tmp_path / "bag")
    text = (tmp_path / "bag" / "data" / "README.md").read_text(encoding="utf-8")
    assert "- ngày đăng: thứ ghi bên cạnh là của ngày khác: 1\n" in text
    assert "- date: the weekday beside it belongs to another day: 1\n" in text
    assert "- tác giả: đã được người xác nhận: 1\n" in text and "- author: confirmed by people: 1\n" in text
    assert "alike_on_all" not in text and "giống nhau ở mọi bài" not in text


def test_the_offline_site_says_what_is_in_doubt_and_who_confirmed_what(tmp_path):
    db = doubted.keep(tmp_path / "tin.db")
    with Collection(db) as collection:
        row = collection.article(2)
        confirm(
            collection, row, {"author": corrected(row, "author", "<Lan>")}, by="m&m", at="2026-11-22T09:30:00+00:00"
        )
    hand_on(db, "html", tmp_path / "site")
    page = (tmp_path / "site" / "articles" / "0" / "2.html").read_text(encoding="utf-8")
    assert "<strong>Còn ngờ – nội dung:</strong> dừng giữa câu <small>(“vở và một chiếc xe”)</small>" in page
    assert "<dt>Đã xác nhận</dt><dd>tác giả: &lt;Lan&gt; (m&amp;m, 22/11/2026, 16:30 +07:00)</dd>" in page
