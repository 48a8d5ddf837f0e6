import hypothesis

# A shared machine may be slow: timings are measured in bench/, never asserted here.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
