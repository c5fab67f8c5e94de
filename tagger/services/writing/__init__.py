"""From decisions in the library to keywords in the photos' own metadata.

Per photo: read, merge, note in the journal, write beside it, verify, replace, then store the
revision that was planned. A photo that can't be written keeps its decisions and says why.
Nothing is imported here: helpers load a part of it, and shall start quickly.
"""
