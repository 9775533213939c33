"""Documents for people: what they consist of, and how they are written as Markdown or as one HTML
page.
"""
