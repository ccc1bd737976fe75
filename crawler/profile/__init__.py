"""What is learned of a site from many of its pages: a pure function from pages to facts, and their use."""
