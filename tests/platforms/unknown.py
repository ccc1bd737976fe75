"""Replicas of portals that no module was written for."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

from tests.platforms.replica import WARD, Replica, esc, file_link, menu, page, paragraphs, rss, sitemap


class Handmade(Replica):
    """Numbered addresses, a pager with `?trang=`, no feed."""

    platform, host = "generic", "anvinh.handmade.test"
    traps = ("/in-bai", "day=", "/dang-nhap")
    start = ("/", "/tin-phuong")

    def address(self, story):
        return f"/tin-phuong/{story.slug}-{story.number}.html"

    def entry(self, story):
        return (
            f'<div class="o-tin"><h3><a href="{self.address(story)}">{esc(story.title)}</a></h3><small>{story.at("%d/%m/%Y")}</small>'
            f"<div>{esc(story.sapo)}</div></div>"
        )

    def _frame(self, title, inner):
        links = menu(
            ("/", "Trang chủ"),
            ("/tin-phuong", "Tin phường"),
            ("/gioi-thieu", "Giới thiệu"),
            ("/dang-nhap", "Đăng nhập"),
            ("/lich?day=1", "Lịch"),
        )
        return page(
            title,
            "",
            f'<div class="khung">{links}<div class="giua">{inner}</div><div class="canh"><h3>Liên kết</h3><a href="http://khac.test/">Cổng thông tin của thành phố</a></div></div>',
        )

    def route(self, asked):
        if asked.path == "/tin-phuong":
            pager = "".join(f'<a href="/tin-phuong?trang={n}">{n}</a>' for n in (1, 2))
            return self._frame(
                f"Tin phường - {WARD}",
                f'<div class="ds">{self.entries(int(asked.query.get("trang", 1)))}</div><p>{pager}</p>',
            )
        if asked.path == "/gioi-thieu":
            return self._frame("Giới thiệu", "<h2>Giới thiệu</h2><p>Phường nằm bên sông, có mười một tổ dân phố.</p>")
        return (
            self._frame(WARD, f'<div class="ds">{"".join(map(self.entry, self.stories[:3]))}</div>')
            if asked.path == "/"
            else None
        )

    def article(self, story):
        return self._frame(
            f"{story.title} - {WARD}",
            f'<h1>{esc(story.title)}</h1><div class="ngay">Ngày đăng: {story.at("%d/%m/%Y %H:%M")}</div><div class="sapo"><b>{esc(story.sapo)}</b></div><div class="noi-dung">{paragraphs(story)}</div>'
            f'<div class="tep">{file_link(story)}</div><a href="/in-bai/{story.number}.html">In bài này</a>',
        )


class Slugs(Handmade):
    """Addresses that are slugs alone, a pager in the path, a sitemap."""

    host = "anvinh.slugs.test"
    start = ("/", "/ban-tin")

    def address(self, story):
        return f"/ban-tin/{story.slug}"

    def route(self, asked):
        base = f"http://{self.host}"
        if asked.path == "/sitemap.xml":
            return sitemap([base + self.address(story) for story in self.stories[:6]])
        path, _, number = asked.path.partition("/trang-")
        if path == "/ban-tin":
            pager = "".join(f'<a href="/ban-tin{"" if n == 1 else f"/trang-{n}"}">{n}</a>' for n in (1, 2))
            return self._frame(
                f"Bản tin - {WARD}", f'<div class="ds">{self.entries(int(number or 1))}</div><p>{pager}</p>'
            )
        return super().route(asked)


class Numbers(Handmade):
    """Addresses with a number in the query, a feed at the usual place."""

    host = "anvinh.numbers.test"
    start = ("/", "/danhsach.php?cat=3")

    def address(self, story):
        return f"/xem.php?id={story.number}"

    def route(self, asked):
        if asked.path == "/rss.xml":
            return rss(f"http://{self.host}", self.stories[:3], self.address)
        if asked.path == "/danhsach.php":
            pager = "".join(f'<a href="/danhsach.php?cat=3&page={n}">{n}</a>' for n in (1, 2))
            return self._frame(
                f"Danh sách - {WARD}",
                f'<div class="ds">{self.entries(int(asked.query.get("page", 1)))}</div><p>{pager}</p>',
            )
        return super().route(asked)
