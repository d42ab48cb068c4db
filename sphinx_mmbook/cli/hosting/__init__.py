"""What workflows and releases need: the guard of a site, a pull request's summary, a release."""
