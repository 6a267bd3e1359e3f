//! What differs between the sources of Identity Center's people.
//!
//! Sources: the tutorials of the Identity Center user guide,
//! <https://docs.aws.amazon.com/singlesignon/latest/userguide/tutorials.html>

use super::attribution::account;
use super::step::{Owner, Phase, Step, word};
use crate::deployment::model::{IdentityCenter, IdentitySource};

/// Name for people.
pub fn name(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::Entra => "Microsoft Entra ID",
        IdentitySource::Okta => "Okta",
        IdentitySource::Google => "Google Workspace",
        IdentitySource::Directory => "Identity Center's directory",
        IdentitySource::Other => "the identity provider",
    }
}

/// SAML: who signs people in.
pub fn identity_source(center: &IdentityCenter) -> Option<Step> {
    let provider: &[&str] = match center.source {
        IdentitySource::Directory => return None,
        IdentitySource::Entra => &[
            "In the Entra admin center, add the gallery application \"AWS IAM Identity Center\" under Enterprise \
             applications.",
            "Under Single sign-on › SAML, enter the issuer URL as Identifier, the ACS URL as Reply URL and the portal \
             address as Sign on URL (or upload Identity Center's metadata file).",
            "Download \"Federation Metadata XML\" there.",
        ],
        IdentitySource::Okta => &[
            "In the Okta admin console, add the application \"AWS IAM Identity Center\" from the catalogue.",
            "On its tab Sign On, save what \"View IdP metadata\" shows as an XML file, and enter Identity Center's \
             ACS URL and issuer URL under Advanced Sign-on Settings.",
        ],
        IdentitySource::Google => &[
            "In the Google Admin console, add the pre-integrated application \"Amazon Web Services\" under Apps › Web \
             and mobile apps, and download its IdP metadata.",
            "Enter Identity Center's ACS URL as ACS URL and its issuer URL as Entity ID; Name ID format EMAIL, Name \
             ID Primary email.",
            "Turn the application on for the developers' organizational unit or group.",
        ],
        IdentitySource::Other => &[
            "Add a SAML 2.0 application with Identity Center's ACS URL and issuer URL; the Name ID must equal the \
             user name in Identity Center.",
            "Download the provider's SAML metadata as an XML file.",
        ],
    };
    let mut step = Step::new(
        "attribution-identity-source",
        Phase::Attribution,
        format!("Connect {} as identity source (SAML)", name(center.source)),
        account(center),
        Owner::Human,
    )
    .action(
        "In Identity Center, choose Change identity source and External identity provider. Note the ACS URL, the \
         issuer URL and the portal address under Service provider metadata.",
    );
    for action in provider {
        step = step.action(*action);
    }
    Some(
        step.action("Back in Identity Center, upload that XML file as IdP SAML metadata and confirm with ACCEPT.")
            .console("IAM Identity Center › Settings › Identity source › Actions › Change identity source")
            .no_command("no API shows or sets the identity source; this step can only be attested")
            .note(
                "In an organization that uses Identity Center already, changing the source may remove assignments: \
                 read AWS's page on changing the identity source first.",
            ),
    )
}

/// SCIM: who puts people and groups into Identity Center.
pub fn provisioning(center: &IdentityCenter) -> Option<Step> {
    let (provider, note): (&[&str], &str) = match center.source {
        IdentitySource::Directory => return None,
        IdentitySource::Entra => (
            &[
                "In the enterprise application, under Provisioning, set the mode Automatic, enter the SCIM endpoint \
                 as Tenant URL and the token as Secret Token, test and save.",
                "Start provisioning.",
            ],
            "A cycle of Entra takes about 40 minutes; \"Provision on demand\" does a single user at once.",
        ),
        IdentitySource::Okta => (
            &[
                "In the application, under Provisioning › Integration, enable the API integration, enter the SCIM \
                 endpoint as Base URL and the token as API Token, and test.",
                "Under To App, enable creating, updating and deactivating users.",
            ],
            "Okta must be licensed for lifecycle management.",
        ),
        IdentitySource::Google => (
            &[
                "In the application, configure Auto-provisioning with the token and the SCIM endpoint, and map the \
                 mandatory attributes.",
                "Switch it on.",
            ],
            "Google provisions users only; groups are made in the next step. The first run may take up to 24 hours.",
        ),
        IdentitySource::Other => (
            &["In the provider, configure SCIM 2.0 with the endpoint and the token, for users and groups."],
            "If the provider has no SCIM, create users and groups in Identity Center by hand, with the provider's \
             user names.",
        ),
    };
    let region = word(&center.region);
    let mut step = Step::new(
        "attribution-provisioning",
        Phase::Attribution,
        format!("Provision users from {} (SCIM)", name(center.source)),
        account(center),
        Owner::Human,
    )
    .action("In Identity Center, enable automatic provisioning and copy the SCIM endpoint and the access token.");
    for action in provider {
        step = step.action(*action);
    }
    Some(
        step.console("IAM Identity Center › Settings › Automatic provisioning › Enable")
            .run(&[
                "# No API enables it; when it works, the provider's people and groups are listed:".to_owned(),
                super::attribution::store(center),
                format!("aws identitystore list-users --region {region} --identity-store-id \"$STORE\" --max-items 20"),
                format!(
                    "aws identitystore list-groups --region {region} --identity-store-id \"$STORE\" --max-items 20"
                ),
            ])
            .note("Identity Center shows the token once. It expires after a year; renew it before.")
            .note("Every user needs first name, last name, user name and display name, and one e-mail address only.")
            .note(note),
    )
}

/// What to do for the group beyond creating it.
pub fn group_actions(source: IdentitySource) -> &'static [&'static str] {
    match source {
        IdentitySource::Entra => &[
            "Assign the groups to the enterprise application (Users and groups › Add user/group). A group that is \
             not assigned is never synchronised.",
        ],
        IdentitySource::Okta => &[
            "Assign the people to the application through another group (Assignments › Assign to Groups), and push \
             these groups (Push Groups). Okta does not support the same group for both.",
        ],
        IdentitySource::Google => &["Add each developer by the user id that `aws identitystore get-user-id` prints."],
        IdentitySource::Directory => &["Create the users first (Users › Add user), then add them to the groups."],
        IdentitySource::Other => &["Include the groups in what the provider provisions."],
    }
}

/// Where the group is made.
pub fn group_console(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::Entra => "Microsoft Entra admin center › Groups › New group",
        IdentitySource::Okta => "Okta admin console › Directory › Groups › Add group",
        IdentitySource::Google | IdentitySource::Directory => "IAM Identity Center › Groups › Create group",
        IdentitySource::Other => "The provider's own console",
    }
}

/// What to know of groups.
pub fn group_notes(source: IdentitySource) -> &'static [&'static str] {
    match source {
        IdentitySource::Entra => &["Only direct members are provisioned: Entra does not unfold nested groups."],
        IdentitySource::Google => &[
            "With an external provider the console may not offer to create groups; the command works.",
            "Membership is then kept by hand, or by a synchroniser such as AWS Labs' ssosync.",
        ],
        IdentitySource::Okta | IdentitySource::Directory | IdentitySource::Other => &[],
    }
}
