/*
 * cms_recipes: S/MIME messages as recipes of lib/asn1.h.
 */
#ifndef TESTS_CMS_RECIPES_H
#define TESTS_CMS_RECIPES_H

#define SAID	"'The hole is in foo.c, line 14, and anybody can use it '"
#define S200	SAID SAID SAID SAID

/* object identifiers */
#define ENVELOPED	"06(2a864886f70d010703) "
#define AUTHENTICATED	"06(2a864886f70d0109100117) "
#define PLAIN		"06(2a864886f70d010701) "
#define SIGNED		"06(2a864886f70d010702) "
#define COMPRESSED	"06(2a864886f70d0109100109) "
#define AES128		"06(60864801650304012a) "
#define GCM256		"06(60864801650304012e) "
#define TDES		"06(2a864886f70d0307) "
#define RSA		"06(2a864886f70d010101) "
#define OAEP		"06(2a864886f70d010107) "
#define SHA256		"06(608648016503040201) "
#define MGF1		"06(2a864886f70d010108) "
#define LABEL		"06(2a864886f70d010109) "
#define ECDH		"06(2b810501 0b01) "
#define EC_KEY		"06(2a8648ce3d0201) "
#define WRAP128		"06(608648016503040105) "
#define PBKDF2		"06(2a864886f70d01050c) "
#define PWRI		"06(2a864886f70d0109100309) "
#define CN		"06(550403) "
#define O		"06(55040a) "
#define CONTENT_TYPE	"06(2a864886f70d010903) "

/* recipients */
#define V(n)		"02(" #n ") "
#define NAME		"30(31(30(" O "0c('Test'))) 31(30(" CN \
			"13('Test CA')))) "
#define RID		"30(" NAME "02(1234)) "
#define KEY		"04(~256) "
#define RSA_ALG		"30(" RSA "05()) "
#define KTRI		"30(" V(00) RID RSA_ALG KEY ") "
#define SKI		"30(" V(02) "80(~20) " RSA_ALG KEY ") "
#define ORIGIN		"a0(a1(30(" EC_KEY ") 03(00 04 ~64))) "
#define ECDH_ALG	"30(" ECDH "30(" WRAP128 ")) "
#define REK		"30(" RID "04(~24)) "
#define KARI		"a1(" V(03) ORIGIN ECDH_ALG "30(" REK ")) "
#define KEK		"a2(" V(04) "30(04(01020304)) 30(" WRAP128 ") 04(~24)) "
#define PBE		"a0(" PBKDF2 "30(04(~8) 02(0800))) "
#define PWRI_ALG	"30(" PWRI "30(" AES128 "04(~16))) "
#define PASSWORD	"a3(" V(00) PBE PWRI_ALG "04(~32)) "

/* contents */
#define AES_IV		"30(" AES128 "04(~16)) "
#define GCM		"30(" GCM256 "30(04(~12) 02(10))) "
#define BODY		"30(" PLAIN AES_IV "80(~320)) "
#define GCM_BODY	"30(" PLAIN GCM "80(~333)) "
#define MAC		"04(~16) "

#define ENVELOPE(recipients, rest) \
	"30(" ENVELOPED "a0(30(" V(00) "31(" recipients ") " rest ")))"
#define AUTH(recipients, rest) \
	"30(" AUTHENTICATED "a0(30(" V(00) "31(" recipients ") " rest ")))"

/* certificates */
#define CERTIFICATE(issuer, serial, extensions) \
	"30(30(a0(02(02)) 02(" serial ") 30(" RSA "05()) " issuer \
	"30(17('260101000000Z') 18('20560101000000Z')) 30() 30() " \
	extensions ") 30(" RSA "05()) 03(~257))"
#define KEY_ID(id) "a3(30(30(06(551d0e) 04(04(" id ")))))"
#define OTHER	"30(31(30(" CN "0c('Test CA')))) "

#endif
