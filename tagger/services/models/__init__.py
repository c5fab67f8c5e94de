"""The classifiers of a library: which are there, which one is used, and what another would say."""
