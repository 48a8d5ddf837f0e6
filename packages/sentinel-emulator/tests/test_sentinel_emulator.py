import sentinel_emulator


def test_the_public_face_is_exactly_this() -> None:
    assert sentinel_emulator.__all__ == ["Emulator", "GroundTruth", "Step", "Workspace", "__version__"]
    assert all(hasattr(sentinel_emulator, name) for name in sentinel_emulator.__all__)
