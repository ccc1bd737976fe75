"""Reading pages where it can be ended: in processes with a bound on time and memory, beside the one that runs.

`reader.PageReader` hands a page out and gets back what was read in it; `processes` is what runs on the other side.
"""
