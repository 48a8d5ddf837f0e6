from sentinel_mcp_server.testing import Session


def test_installed_packages_are_listed_by_name(offline: Session) -> None:
    names = [package["display_name"] for package in offline.answer("content_list")["packages"]]
    assert "Microsoft Entra ID" in names
    assert names == sorted(names, key=str.casefold)


def test_what_the_hub_offers_can_be_narrowed(offline: Session) -> None:
    everything = offline.answer("content_list", available=True)["packages"]
    (found,) = offline.answer("content_list", available=True, name_contains="entra id")["packages"]
    assert found in everything


def test_without_a_workspace_it_says_what_is_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("content_list")
