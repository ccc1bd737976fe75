"""The collection in a web browser: pages for reading, on Datasette.

server starts it; plugin holds its addresses; reading asks the database; markup turns stored text into safe HTML; words
has the two languages. Stored text is hostile: it reaches a page only escaped or through markup, and the pages carry no
script at all.
"""
