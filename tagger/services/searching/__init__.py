"""The search language: one grammar for the search box, chips, saved searches and commands."""

from tagger.services.searching.fields import FIELDS
from tagger.services.searching.formatting import format_query
from tagger.services.searching.parsing import parse_query

__all__ = ["FIELDS", "format_query", "parse_query"]
