"""The collection in a web browser: pages for reading, on Datasette.

`server` starts it; `plugin` has its addresses; `page_data` reads the database for each page; `languages` has the texts
of the pages; `crawler.text.markup` turns stored text into safe HTML. Stored text is hostile: it reaches a page only
escaped or through markup, and the pages carry no script at all.
"""
