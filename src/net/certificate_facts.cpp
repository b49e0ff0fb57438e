#include "net/certificate_facts.hpp"

#include "net/detail/openssl_objects.hpp"

#include <arpa/inet.h>

#include <ctime>

namespace vt::net {
namespace {

Timestamp instant(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return Timestamp{};
    return from_ms(static_cast<std::int64_t>(timegm(&parts)) * 1000);
}

std::string text_of_address(const ASN1_OCTET_STRING* address) {
    char text[INET6_ADDRSTRLEN] = "";
    const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
    if (::inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof(text)) == nullptr) return {};
    return text;
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> names;
    auto* const all =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
        const GENERAL_NAME* const one = sk_GENERAL_NAME_value(all, i);
        if (one->type == GEN_DNS) {
            names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName)),
                               static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName)));
        } else if (one->type == GEN_IPADD) {
            names.push_back(text_of_address(one->d.iPAddress));
        }
    }
    GENERAL_NAMES_free(all);
    return names;
}

std::string fingerprint_of(X509* certificate) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        if (i > 0) text += ':';
        text += kDigits[digest[i] >> 4U];
        text += kDigits[digest[i] & 15U];
    }
    return text;
}

}  // namespace

Result<CertificateFacts> read_certificate(const std::string& pem) {
    const detail::Certificate certificate = detail::first_certificate(pem);
    if (!certificate) return fail(Errc::configuration, "no certificate in PEM form (BEGIN CERTIFICATE)");
    X509* const one = certificate.get();
    return CertificateFacts{
        .names = names_of(one),
        .not_before = instant(X509_get0_notBefore(one)),
        .not_after = instant(X509_get0_notAfter(one)),
        .fingerprint = fingerprint_of(one),
        .is_self_signed = X509_NAME_cmp(X509_get_subject_name(one), X509_get_issuer_name(one)) == 0};
}

bool certificate_holds_for(const std::string& pem, const std::string& name) {
    const detail::Certificate certificate = detail::first_certificate(pem);
    if (!certificate) return false;
    const std::string bare = name.starts_with('[') && name.ends_with(']') ? name.substr(1, name.size() - 2) : name;
    return X509_check_ip_asc(certificate.get(), bare.c_str(), 0) == 1 ||
           X509_check_host(certificate.get(), bare.data(), bare.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                           nullptr) == 1;
}

}  // namespace vt::net
